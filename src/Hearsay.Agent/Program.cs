using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.CompilerServices;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent;

/// <summary>
/// The <c>hearsay</c> command without <c>up</c>, <c>lab</c> and <c>play</c>: what a machine with an agent needs.
/// </summary>
internal static class Program
{
    /// <summary>Commands of the whole command that this one does not have.</summary>
    private static readonly string[] s_elsewhere = ["up", "lab", "play"];

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
        if (arguments is [var first, ..] && s_elsewhere.Contains(first, StringComparer.Ordinal))
        {
            await error.WriteLineAsync($"This is the agent alone, without '{first}'. The whole command has it: "
                + "'dotnet tool install -g Hearsay.Tool'.").ConfigureAwait(false);
            return ExitCode.UsageError;
        }

        var root = new RootCommand("Gossip for .NET: a node as a process, and commands that talk to it.")
        {
            HelpName = "hearsay",
        };
        foreach (var command in AgentCommands.All())
        {
            root.Add(command);
        }

        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return await CommandRun.RunAsync(root, arguments, output, error).ConfigureAwait(false);
    }
}
