using System.CommandLine;
using System.Text.Json;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Lab;
using Hearsay.Playground;

namespace Hearsay.Cli.Play;

/// <summary><c>hearsay play replay</c>: the run of a link again, outside the browser.</summary>
internal static class PlayReplayCommand
{
    private static readonly TimeSpan s_defaultUntil = TimeSpan.FromSeconds(30);

    private static readonly Argument<string> s_link = new("LINK")
    {
        Description = "A link of the playground, or its part behind the #. Quote it: it has characters of the shell.",
    };

    private static readonly Option<TimeSpan?> s_until = CheckedOption.Create<TimeSpan>(
        "--until", "How far, in virtual time, where the link does not say (t=...). Default 30s.", Duration.Syntax,
        Duration.TryParse);

    private static readonly Option<bool> s_json = new("--json") { Description = "Prints one JSON object." };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "replay",
            "Repeats the run of a link natively: the same seed, the same actions, and so the same trace hash as in "
            + "the page.")
        {
            s_link, s_until, s_json,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        string state;
        string? wrong;
        using (var progress = new ProgressLine(error, "replay"))
        {
            state = PlayBridge.Replay(parsed.GetRequiredValue(s_link), parsed.GetValue(s_until) ?? s_defaultUntil,
                out wrong, progress.Report);
        }

        if (wrong is not null)
        {
            error.WriteLine(wrong);
            return ExitCode.UsageError;
        }

        if (parsed.GetValue(s_json))
        {
            output.WriteLine(state);
            return 0;
        }

        using var json = JsonDocument.Parse(state);
        var run = json.RootElement;
        output.WriteLine($"{run.GetProperty("scene").GetString()}, seed {run.GetProperty("seed").GetString()}: "
            + $"{run.GetProperty("timeMilliseconds").GetDouble() / 1000:0.###} s, "
            + $"{run.GetProperty("events").GetInt64()} events, trace {run.GetProperty("traceHash").GetString()}");
        foreach (var world in run.GetProperty("worlds").EnumerateArray())
        {
            foreach (var broken in world.GetProperty("broken").EnumerateObject())
            {
                output.WriteLine($"broken: {broken.Name}: {broken.Value.GetString()}");
            }
        }

        return 0;
    }
}
