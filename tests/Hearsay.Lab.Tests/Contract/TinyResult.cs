using System.Collections.Concurrent;
using System.Text.Json;

namespace Hearsay.Lab.Tests.Contract;

/// <summary>
/// What one tiny run of an experiment printed and wrote. Each experiment is run once for all tests that only look at
/// its result.
/// </summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Json">The object that it printed.</param>
/// <param name="Files">The names of the files that it wrote.</param>
/// <param name="WrittenJson">The object that it wrote into a file.</param>
/// <param name="CsvLines">The lines of its table.</param>
internal sealed record TinyResult(
    int ExitCode, JsonElement Json, string[] Files, JsonElement WrittenJson, int CsvLines)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<TinyResult>>> s_results = new();

    /// <summary>The result of an experiment.</summary>
    public static Task<TinyResult> OfAsync(string name) =>
        s_results.GetOrAdd(name, static name => new Lazy<Task<TinyResult>>(() => RunAsync(name))).Value;

    private static async Task<TinyResult> RunAsync(string name)
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-lab-");
        try
        {
            var (code, output, _) = await LabCli.RunAsync(LabCli.TinyRun(name, "--json", "--out", directory.FullName));
            var lines = await File.ReadAllLinesAsync(Path.Combine(directory.FullName, "results.csv"));
            var written = await File.ReadAllTextAsync(Path.Combine(directory.FullName, "result.json"));
            return new TinyResult(code, LabCli.Parse(output), [.. directory.GetFiles().Select(file => file.Name)],
                LabCli.Parse(written), lines.Length);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
