using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.CompilerServices;
using Hearsay.Agent;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Exercises;
using Hearsay.Cli.Lab;
using Hearsay.Cli.Play;
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
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error) =>
        CommandRun.RunAsync(CreateRoot(), arguments, output, error);

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Gossip for .NET: a peer sampling service, and networks to watch it in.")
        {
            HelpName = "hearsay",
        };
        root.Add(UpCommand.Create());
        foreach (var command in AgentCommands.All())
        {
            root.Add(command);
        }

        root.Add(LabCommand.Create());
        root.Add(PlayCommand.Create());
        root.Add(ExerciseCommand.Create());
        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return root;
    }
}
