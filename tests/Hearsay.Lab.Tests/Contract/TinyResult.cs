using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Hearsay.Lab.Tests.Contract;

/// <summary>
/// What one tiny run of an experiment printed and wrote. Each experiment is run once for all tests that only look at
/// its result.
/// </summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed: one object.</param>
/// <param name="Files">The files that it wrote, by name.</param>
internal sealed record TinyResult(int ExitCode, string Output, IReadOnlyDictionary<string, byte[]> Files)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<TinyResult>>> s_results = new();

    /// <summary>The object that it printed.</summary>
    public JsonElement Json { get; } = LabCli.Parse(Output);

    /// <summary>The result of an experiment.</summary>
    public static Task<TinyResult> OfAsync(string name) =>
        s_results.GetOrAdd(name, static name => new Lazy<Task<TinyResult>>(() => RunAsync(name))).Value;

    /// <summary>The names that end so.</summary>
    public IEnumerable<string> FilesOf(string extension) =>
        Files.Keys.Where(name => name.EndsWith(extension, StringComparison.Ordinal));

    /// <summary>A file as text.</summary>
    public string TextOf(string name) => Encoding.UTF8.GetString(Files[name]);

    private static async Task<TinyResult> RunAsync(string name)
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-lab-");
        try
        {
            var (code, output, _) = await LabCli.RunAsync(LabCli.TinyRun(name, "--json", "--out", directory.FullName));
            return new TinyResult(code, output, directory.GetFiles().ToDictionary(
                static file => file.Name, static file => File.ReadAllBytes(file.FullName)));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
