using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using Hearsay.Cli.Agent;
using Hearsay.Cli.Calls;
using Hearsay.Cli.Guest;
using Hearsay.Cli.Keys;
using Hearsay.Cli.Lab;
using Hearsay.Cli.Shell;
using Hearsay.Cli.Up;

namespace Hearsay.Cli;

/// <summary>The <c>hearsay</c> command.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments)
    {
        if (DescriptorLimit.Problem() is { } problem)
        {
            StandardStreams.WriteError(problem);
            return Task.FromResult(ExitCode.Failed);
        }

        return RunAsync(arguments);
    }

    /// <summary>Apart from <see cref="Main"/>, so that no library is loaded for it before the check there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> RunAsync(string[] arguments)
    {
        StandardStreams.Guard();
        return RunAsync(arguments, Console.Out, Console.Error);
    }

    /// <summary>Runs the command with its output anywhere, for tests.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = CreateRoot().Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            foreach (var message in MessagesOf(parsed).Concat(Suggestion.For(parsed)).Distinct())
            {
                await error.WriteLineAsync(message).ConfigureAwait(false);
            }

            await error.WriteLineAsync($"'{PathOf(parsed.CommandResult.Command)} --help' shows its arguments and "
                + "options.")
                .ConfigureAwait(false);
            return ExitCode.UsageError;
        }

        // The commands listen to Ctrl-C and SIGTERM themselves: they have something to finish first.
        var invocation = new InvocationConfiguration
        {
            Output = output, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(invocation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Most likely standard output goes to a full disk; whatever it is, it is no defect to trace.
            await error.WriteLineAsync($"Cannot read or write: {failure.Message}").ConfigureAwait(false);
            return ExitCode.UsageError;
        }
    }

    /// <summary>
    /// What is wrong. Who misspelt an option need not hear that its value is unknown too, and who misspelt a command
    /// not that one is missing.
    /// </summary>
    private static IEnumerable<string> MessagesOf(ParseResult parsed)
    {
        var (unknown, command) = (parsed.UnmatchedTokens, parsed.CommandResult.Command);
        var values = unknown.Where((word, index) =>
            index > 0 && !word.StartsWith('-') && unknown[index - 1].StartsWith('-')).ToArray();
        return parsed.Errors.Select(fault => fault.Message).Where(message =>
            unknown.Any(word => Names(message, word))
                ? !values.Any(word => Names(message, word))
                : unknown.Count == 0 || command.Action is not null);
    }

    private static bool Names(string message, string word) => message.Contains($"'{word}'", StringComparison.Ordinal);

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
        root.Add(MapCommand.Create());
        foreach (var command in PeerCommands.All().Concat(NodeCommands.All()))
        {
            root.Add(command);
        }

        root.Add(KeysCommand.Create());
        root.Add(LabCommand.Create());
        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return root;
    }
}
