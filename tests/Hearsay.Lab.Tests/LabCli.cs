using System.Text.Json;
using Hearsay.Cli;

namespace Hearsay.Lab.Tests;

/// <summary>Runs <c>hearsay lab</c> in this process and keeps what it wrote.</summary>
internal static class LabCli
{
    /// <summary>Options that make any experiment tiny; those that an experiment does not take are left out.</summary>
    private static readonly Dictionary<string, string> s_tiny = new()
    {
        ["--nodes"] = "120", ["--cycles"] = "12", ["--warmup"] = "6", ["--removals"] = "2", ["--runs"] = "1",
        ["--joins-per-cycle"] = "20", ["--messages"] = "10", ["--step"] = "5", ["--draws"] = "20",
        ["--items"] = "2000", ["--difference"] = "40", ["--trials"] = "3", ["--schedules"] = "40",
        ["--writes-per-second"] = "5", ["--seconds"] = "6", ["--partition-seconds"] = "2",
        ["--splits"] = "1", ["--central-steps"] = "500",
    };

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Program.RunAsync(["lab", .. words], output, error);
        return (code, output.ToString(), error.ToString());
    }

    public static string[] TinyRun(string name, params string[] more) =>
    [
        "run", name,
        .. ExperimentRegistry.Find(name).Options
            .Where(option => s_tiny.TryGetValue(option.Name, out var tiny) && option.Accepts(tiny))
            .SelectMany(option => new[] { option.Name, s_tiny[option.Name] }),
        .. more,
    ];

    public static JsonElement Parse(string output) => JsonDocument.Parse(output).RootElement;
}
