using System.CommandLine;
using System.Text.Json;
using Hearsay.Agent.Shell;

namespace Hearsay.Agent.Calls;

/// <summary>Runs a command that asks an agent. What goes wrong is one line.</summary>
internal static class CallRun
{
    /// <summary>The agent is there and says no.</summary>
    public const int No = 1;

    /// <summary>The HTTP status of a call without the token of the agent.</summary>
    public const int NeedsToken = 401;

    /// <summary>No agent is there.</summary>
    public const int Unreachable = 3;

    /// <summary>Runs it; the result is the exit code.</summary>
    public static async Task<int> RunAsync(
        ParseResult parsed, AgentOptions options, Func<AgentClient, CancellationToken, Task<int>> call)
    {
        var error = parsed.InvocationConfiguration.Error;
        using var signals = new StopSignals();
        Uri? url = null;
        try
        {
            url = options.Url(parsed);
            using var client = new AgentClient(url, options.Token(parsed));
            return await call(client, signals.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return signals.ExitCode;
        }
        catch (TaskCanceledException late) when (late.InnerException is TimeoutException)
        {
            await error.WriteLineAsync(
                $"The agent at {url!.GetLeftPart(UriPartial.Authority)} did not answer in time.")
                .ConfigureAwait(false);
            return Unreachable;
        }
        catch (ArgumentException wrong)
        {
            await error.WriteLineAsync(wrong.Message).ConfigureAwait(false);
            return ExitCode.UsageError;
        }
        catch (RefusedException refused)
        {
            await error.WriteLineAsync(refused.Status == NeedsToken
                ? $"The token is missing or wrong. Name its file with {AgentOptions.TokenOption}, or with the variable "
                    + $"{AgentOptions.TokenVariable}." : refused.Message).ConfigureAwait(false);
            return refused.Status is 400 or 413 ? ExitCode.UsageError : No;
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException or JsonException)
        {
            await error.WriteLineAsync(CallFailure.Text(url!, failure)).ConfigureAwait(false);
            return Unreachable;
        }
    }

    /// <summary>A stream has ended without having been told to: the agent has left, or was stopped.</summary>
    public static async Task<int> EndedAsync(TextWriter error)
    {
        await error.WriteLineAsync("The agent has ended the stream: it left, or was stopped.").ConfigureAwait(false);
        return Unreachable;
    }

    /// <summary>Prints an answer: as it came, or as lines for people.</summary>
    public static async Task<int> PrintAsync(
        ParseResult parsed, AgentOptions options, string answer, Func<JsonElement, IEnumerable<string>> lines)
    {
        using var json = JsonDocument.Parse(answer);
        var output = parsed.InvocationConfiguration.Output;
        foreach (var line in options.IsJson(parsed) ? [answer] : lines(json.RootElement))
        {
            await output.WriteLineAsync(line).ConfigureAwait(false);
        }

        return 0;
    }

    /// <summary>Prints an answer likewise; with <c>--watch</c> whenever it is another one.</summary>
    public static Task<int> ShowAsync(
        ParseResult parsed, AgentOptions options, Func<Task<string>> ask, Func<JsonElement, IEnumerable<string>> lines,
        CancellationToken cancellation) => ShowAsync(
            parsed, options.Watching, ask, answer => string.Join(Environment.NewLine, lines(answer)),
            isOfLines: false, options.IsJson(parsed), cancellation);

    /// <summary>
    /// Prints an answer as a text, or as it came. With <c>--watch</c> a refusal is one of the things to be seen.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="watching">Whether it is asked again and again.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="text">The answer for people.</param>
    /// <param name="isOfLines">Whether that is one line, so that nothing goes between two.</param>
    /// <param name="isJson">Whether programs read it.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    public static async Task<int> ShowAsync(
        ParseResult parsed, WatchOption watching, Func<Task<string>> ask, Func<JsonElement, string> text,
        bool isOfLines, bool isJson, CancellationToken cancellation)
    {
        async Task<string> LookAsync()
        {
            try
            {
                using var answer = JsonDocument.Parse(await ask().ConfigureAwait(false));
                return isJson ? $"{answer.RootElement}" : text(answer.RootElement);
            }
            catch (RefusedException refused) when (watching.IsOn(parsed) && refused.Status is 404 or 503)
            {
                return isJson && refused.Problem is { } problem ? problem : refused.Message;
            }
        }

        await watching.PrintAsync(parsed, LookAsync, isOfLines || isJson, cancellation).ConfigureAwait(false);
        return 0;
    }
}
