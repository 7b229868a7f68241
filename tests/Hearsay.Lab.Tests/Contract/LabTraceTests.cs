using System.Text.Json;

namespace Hearsay.Lab.Tests.Contract;

/// <summary>Traces of the whole nodes that experiments run.</summary>
public sealed class LabTraceTests
{
    private static readonly string[] s_withEngines = ["overlay", "heal", "churn"];

    /// <summary>Those that take many seconds.</summary>
    private static readonly string[] s_long = ["broadcast", "broadcast-modes", "broadcast-crash"];

    public static IEnumerable<TheoryDataRow<string>> Traced => ExperimentRegistry.All
        .Where(static experiment => experiment.RunsWholeNodes)
        .Select(static experiment => s_long.Contains(experiment.Name)
            ? new TheoryDataRow<string>(experiment.Name).WithTrait("Campaign", "true")
            : new(experiment.Name));

    [Theory]
    [MemberData(nameof(Traced))]
    public async Task An_experiment_is_traced_to_its_end_and_finds_the_same_as_without(string name)
    {
        var one = await TraceAsync(name, "1");
        var lines = one.Trace.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (head, end) = (LabCli.Parse(lines[0]), LabCli.Parse(lines[^1]));
        Assert.Equal($"lab run {name}", head.GetProperty("title").GetString());
        Assert.True(end.GetProperty("end").GetBoolean());
        Assert.True(end.GetProperty("t").GetDouble() > 5000, "a run lasts for some cycles");
        var nodes = lines.Where(static line => line.StartsWith("{\"node\"", StringComparison.Ordinal)).ToList();
        Assert.True(nodes.Count > 40, $"only {nodes.Count} times something was seen of a node");
        Assert.Contains(nodes, static line => LabCli.Parse(line).GetProperty("links").GetArrayLength() > 1);
        Assert.Contains(lines, static line => line.Contains("\"arrives\"", StringComparison.Ordinal));
        Assert.Equal(one.Trace, (await TraceAsync(name, "2")).Trace);

        var (code, output, _) = await LabCli.RunAsync(Words(name, "1"));
        Assert.True(code is 0 or 1, $"it ended with {code}");
        Assert.Equal(Results(output), Results(one.Output));
    }

    [Fact]
    public async Task Nodes_that_die_stand_in_the_ribbon()
    {
        var faults = (await TraceAsync("heal", "1")).Trace.Split('\n')
            .Where(static line => line.StartsWith("{\"fault\"", StringComparison.Ordinal)).ToList();
        Assert.StartsWith("{\"fault\":\"crash@6000:", Assert.Single(faults), StringComparison.Ordinal);
        var split = (await TraceAsync("replicate", "1")).Trace;
        var fault = split.Split('\n').Single(static line => line.StartsWith("{\"fault\"", StringComparison.Ordinal));
        Assert.StartsWith("{\"fault\":\"split@41500:", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_whole_nodes_there_is_nothing_to_trace_and_the_file_is_left_alone()
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-lab");
        try
        {
            var file = Path.Combine(folder.FullName, "kept.trace");
            await File.WriteAllTextAsync(file, "mine");
            foreach (var name in s_withEngines)
            {
                var (code, output, error) = await LabCli.RunAsync(LabCli.TinyRun(name, "--trace", file));
                Assert.Equal((2, ""), (code, output));
                Assert.Contains("--trace needs --engine event", error, StringComparison.Ordinal);
            }

            Assert.Equal("mine", await File.ReadAllTextAsync(file));
            Assert.Equal(2, (await LabCli.RunAsync(LabCli.TinyRun("rumor", "--trace", file))).ExitCode);
            var (refused, _, why) = await LabCli.RunAsync(Words("heal", "1", "--trace", folder.FullName));
            Assert.Equal(2, refused);
            Assert.StartsWith("--trace: ", why.Split('\n')[^2], StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Words(string name, string threads, params string[] more) =>
    [
        .. LabCli.TinyRun(name, "--json", "--threads", threads, "--seed", "5"),
        .. s_withEngines.Contains(name) ? new[] { "--engine", "event" } : [], .. more,
    ];

    private static async Task<(string Output, string Trace)> TraceAsync(string name, string threads)
    {
        var folder = Directory.CreateTempSubdirectory("hearsay-lab");
        try
        {
            var file = Path.Combine(folder.FullName, "run.trace");
            var (code, output, error) = await LabCli.RunAsync(Words(name, threads, "--trace", file));
            Assert.True(code is 0 or 1, error);
            Assert.Contains($"hearsay play {file}", error, StringComparison.Ordinal);
            return (output, await File.ReadAllTextAsync(file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Results(string output) =>
        JsonSerializer.Serialize(LabCli.Parse(output).GetProperty("results"));
}
