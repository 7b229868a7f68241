using System.CommandLine;
using System.CommandLine.Invocation;

namespace Hearsay.Agent.Shell;

/// <summary>Runs a command line. What is wrong with it is a few lines and exit code 2.</summary>
internal static class CommandRun
{
    /// <summary>Parses and runs it; the result is the exit code.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="arguments">As the process was given them.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    public static async Task<int> RunAsync(
        RootCommand root, IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = root.Parse(arguments);
        var isWrong = parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction;
        string[] misspelt = isWrong || parsed.Action == parsed.CommandResult.Command.Action
            ? [.. OperandCheck.For(parsed)] : [];
        if (isWrong || misspelt.Length > 0)
        {
            // What is no option has taken the place of an operand, so other complaints are about the wrong words.
            var messages = misspelt.Length > 0 ? misspelt : MessagesOf(parsed).Concat(Suggestion.For(parsed));
            foreach (var message in messages.Distinct())
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
}
