using System.Text.Json;

namespace Hearsay.Lab.Tests;

/// <summary>What every experiment promises on the command line, at tiny sizes.</summary>
public sealed class ContractTests
{
    private static readonly string[] s_top = ["experiment", "parameters", "summary", "results", "claims"];
    private static readonly string[] s_timed =
        ["exchangeSeconds", "exchangesPerSecond", "probeExchangesPerSecond", "peakBytes", "nodeStepsPerSecond"];

    private static readonly string[] s_shares = ["delivery", "residue", "clustering", "loss", "kill"];

    public static TheoryData<string> Names => new(ExperimentRegistry.All.Select(experiment => experiment.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Json_is_one_object_of_the_contract_and_nothing_else(string name)
    {
        var (code, output, _) = await LabCli.RunAsync(LabCli.TinyRun(name, "--json"));
        var result = LabCli.Parse(output);
        Assert.Equal(s_top, result.EnumerateObject().Select(property => property.Name));
        Assert.Equal(name, result.GetProperty("experiment").GetString());
        Assert.Equal(120, result.GetProperty("parameters").GetProperty("nodes").GetInt32());
        Assert.NotEmpty(result.GetProperty("results").EnumerateArray());
        var claims = result.GetProperty("claims").EnumerateArray().ToArray();
        Assert.Equal(claims.All(claim => claim.GetProperty("holds").GetBoolean()) ? 0 : 1, code);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Names_are_camel_case_and_shares_are_fractions(string name)
    {
        var (_, output, _) = await LabCli.RunAsync(LabCli.TinyRun(name, "--json"));
        var result = LabCli.Parse(output);
        foreach (var row in result.GetProperty("results").EnumerateArray()
            .Append(result.GetProperty("summary")).Append(result.GetProperty("parameters")))
        {
            foreach (var property in row.EnumerateObject())
            {
                Assert.Matches("^[a-z][A-Za-z0-9]*$", property.Name);
                if ((s_shares.Contains(property.Name) || property.Name.EndsWith("Share", StringComparison.Ordinal))
                    && property.Value.ValueKind == JsonValueKind.Number)
                {
                    Assert.InRange(property.Value.GetDouble(), 0, 1);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_same_seed_gives_the_same_numbers_with_any_number_of_threads(string name)
    {
        var one = await Numbers(name, "1", "7");
        Assert.Equal(one, await Numbers(name, "2", "7"));
        Assert.NotEqual(one, await Numbers(name, "1", "8"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Out_writes_the_rows_the_object_and_every_figure_twice(string name)
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-lab-");
        try
        {
            var (code, _, _) = await LabCli.RunAsync(LabCli.TinyRun(name, "--json", "--out", directory.FullName));
            Assert.NotEqual(2, code);
            var files = directory.GetFiles().Select(file => file.Name).ToArray();
            Assert.Contains("results.csv", files);
            Assert.Contains("result.json", files);
            Assert.Contains(files, file => file.EndsWith(".svg", StringComparison.Ordinal));
            Assert.Equal(
                files.Count(file => file.EndsWith(".svg", StringComparison.Ordinal)),
                files.Count(file => file.EndsWith(".png", StringComparison.Ordinal)));
            var lines = await File.ReadAllLinesAsync(Path.Combine(directory.FullName, "results.csv"));
            var rows = LabCli.Parse(await File.ReadAllTextAsync(Path.Combine(directory.FullName, "result.json")))
                .GetProperty("results").GetArrayLength();
            Assert.Equal(rows + 1, lines.Length);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_wrong_option_or_value_is_a_usage_error_that_names_it(string name)
    {
        var (unknown, output, error) = await LabCli.RunAsync("run", name, "--no-such-option", "1");
        Assert.Equal((2, ""), (unknown, output));
        Assert.Contains("--no-such-option", error, StringComparison.Ordinal);

        var (range, _, message) = await LabCli.RunAsync("run", name, "--nodes", "1");
        Assert.Equal(2, range);
        Assert.Contains("--nodes must be from 2 to 10,000,000, not '1'.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_names_every_experiment()
    {
        var (code, output, _) = await LabCli.RunAsync("list");
        Assert.Equal(0, code);
        Assert.All(
            ExperimentRegistry.All, experiment => Assert.Contains(experiment.Name, output, StringComparison.Ordinal));
    }

    /// <summary>Everything but times, memory and the thread count.</summary>
    private static async Task<string> Numbers(string name, string threads, string seed)
    {
        var (_, output, _) = await LabCli.RunAsync(
            LabCli.TinyRun(name, "--json", "--threads", threads, "--seed", seed));
        var result = LabCli.Parse(output);
        var summary = result.GetProperty("summary").EnumerateObject()
            .Where(property => !s_timed.Contains(property.Name)).Select(property => property.ToString());
        return string.Join('\n', summary.Append(JsonSerializer.Serialize(result.GetProperty("results"))));
    }
}
