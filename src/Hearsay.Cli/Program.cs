using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Hearsay.Cli.Agent;
using Hearsay.Cli.Guest;
using Hearsay.Cli.Lab;
using Hearsay.Cli.Up;

namespace Hearsay.Cli;

/// <summary>The <c>hearsay</c> command.</summary>
internal static class Program
{
    /// <summary>A usage error; 0 is success, 1 a run that failed its purpose.</summary>
    public const int UsageError = 2;

    private static Task<int> Main(string[] arguments) => RunAsync(arguments, Console.Out, Console.Error);

    /// <summary>Runs the command with its output anywhere, for tests.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = CreateRoot().Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            var messages = parsed.Errors.Select(fault => fault.Message).Concat(Suggestion.For(parsed));
            foreach (var message in messages.Distinct())
            {
                await error.WriteLineAsync(message).ConfigureAwait(false);
            }

            await error.WriteLineAsync($"'{PathOf(parsed.CommandResult.Command)} --help' shows what it takes.")
                .ConfigureAwait(false);
            return UsageError;
        }

        // The commands listen to Ctrl-C and SIGTERM themselves: they have something to finish first.
        var invocation = new InvocationConfiguration
        {
            Output = output, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false,
        };
        return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
    }

    /// <summary>The words that call a command: "hearsay lab run overlay".</summary>
    private static string PathOf(Symbol command) => command is RootCommand
        ? "hearsay" : PathOf(command.Parents.First()) + " " + command.Name;

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Gossip for .NET: a peer sampling service, and networks to watch it in.")
        {
            HelpName = "hearsay",
        };
        root.Add(UpCommand.Create());
        root.Add(AgentCommand.Create());
        root.Add(PublishCommand.Create());
        root.Add(ListenCommand.Create());
        root.Add(AggregateCommand.Create());
        root.Add(LabCommand.Create());
        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return root;
    }
}
