using System.Text.Json;
using Hearsay.Cli.Lab;

namespace Hearsay.Lab.Tests.Contract;

/// <summary>What every experiment promises on the command line, at tiny sizes.</summary>
public sealed class ContractTests
{
    private static readonly string[] s_top = ["experiment", "parameters", "summary", "results", "claims"];
    private static readonly string[] s_timed =
    [
        "exchangeSeconds", "exchangesPerSecond", "probeExchangesPerSecond", "peakBytes", "nodeStepsPerSecond",
        "decodeMs", "schedulesPerSecond", "cpuSeconds",
    ];

    private static readonly string[] s_shares = ["delivery", "residue", "clustering", "loss", "kill"];

    /// <summary>Even at a tiny size they take many seconds.</summary>
    private static readonly string[] s_long = ["broadcast-modes", "broadcast-crash"];

    public static IEnumerable<TheoryDataRow<string>> Names => ExperimentRegistry.All.Select(static experiment =>
        s_long.Contains(experiment.Name)
            ? new TheoryDataRow<string>(experiment.Name).WithTrait("Campaign", "true")
            : new(experiment.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Json_is_one_object_of_the_contract_and_nothing_else(string name)
    {
        var run = await TinyResult.OfAsync(name);
        var result = run.Json;
        Assert.Equal(s_top, result.EnumerateObject().Select(property => property.Name));
        Assert.Equal(name, result.GetProperty("experiment").GetString());
        Assert.True(!HasNodes(name) || result.GetProperty("parameters").GetProperty("nodes").GetInt32() == 120);
        Assert.NotEmpty(result.GetProperty("results").EnumerateArray());
        var claims = result.GetProperty("claims").EnumerateArray().ToArray();
        Assert.Equal(claims.All(claim => claim.GetProperty("holds").GetBoolean()) ? 0 : 1, run.ExitCode);
    }

    /// <summary>Those that claim something at any size: without them the exit code of a run would be judged by nothing.
    /// </summary>
    [Theory]
    [InlineData("broadcast", 4)]
    [InlineData("broadcast-crash", 7, Traits = ["Campaign", "true"])]
    [InlineData("broadcast-modes", 5, Traits = ["Campaign", "true"])]
    public async Task Claims_that_hold_at_any_size_are_checked_at_a_tiny_one(string name, int claims)
    {
        var run = await TinyResult.OfAsync(name);
        Assert.Equal((0, claims), (run.ExitCode, run.Json.GetProperty("claims").GetArrayLength()));
    }

    [Fact]
    public void A_claim_that_does_not_hold_is_the_exit_code_1()
    {
        var result = new ExperimentResult
        {
            Experiment = "none", Parameters = [], Summary = [], Results = [],
            Claims = [Claim.AtMost("a", "absurd", 1, 0), Claim.AtMost("b", "absurd", -1, 0)],
        };
        Assert.Equal(1, LabRunCommand.ExitCodeOf(result));
        Assert.Equal(0, LabRunCommand.ExitCodeOf(result with { Claims = [result.Claims[0]] }));
    }

    [Fact]
    public void Every_experiment_is_in_the_plan_that_checks_all_claims() => Assert.Empty(
        ExperimentRegistry.All.Select(static experiment => experiment.Name)
            .Except(VerificationPlan.Of(quick: false).Select(static run => run.Experiment)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Names_are_camel_case_and_shares_are_fractions(string name)
    {
        var result = (await TinyResult.OfAsync(name)).Json;
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
        var run = await TinyResult.OfAsync(name);
        Assert.NotEqual(2, run.ExitCode);
        Assert.Contains("results.csv", run.Files.Keys);
        Assert.Contains("result.json", run.Files.Keys);
        Assert.Contains(run.Files.Keys, file => file.EndsWith(".svg", StringComparison.Ordinal));
        Assert.Equal(run.FilesOf(".svg").Count(), run.FilesOf(".png").Count());
        foreach (var svg in run.FilesOf(".svg"))
        {
            Assert.Contains("<svg", run.TextOf(svg), StringComparison.Ordinal);
            Assert.Equal("PNG"u8, run.Files[Path.ChangeExtension(svg, ".png")].AsSpan(1, 3));
        }

        Assert.Equal(run.Output.Trim(), run.TextOf("result.json").Trim());
        var rows = run.Json.GetProperty("results");
        var lines = run.TextOf("results.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(rows.GetArrayLength() + 1, lines.Length);
        var columns = lines[0].Trim().Split(',');
        Assert.All(rows[0].EnumerateObject(), property => Assert.Contains(property.Name, columns));
        Assert.All(lines[1..], line => Assert.True(line.Any(letter => letter != ','), "a row has values"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_wrong_option_or_value_is_a_usage_error_that_names_it(string name)
    {
        var (unknown, output, error) = await LabCli.RunAsync("run", name, "--no-such-option", "1");
        Assert.Equal((2, ""), (unknown, output));
        Assert.Contains("--no-such-option", error, StringComparison.Ordinal);

        var (range, _, message) = await LabCli.RunAsync("run", name, HasNodes(name) ? "--nodes" : "--threads", "0");
        Assert.Equal(2, range);
        Assert.Contains(HasNodes(name) ? "--nodes must be from 2 to 10,000,000, not '0'."
            : "--threads must be from 1 to 1,024, not '0'.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_names_every_experiment()
    {
        var (code, output, _) = await LabCli.RunAsync("list");
        Assert.Equal(0, code);
        Assert.All(
            ExperimentRegistry.All, experiment => Assert.Contains(experiment.Name, output, StringComparison.Ordinal));
    }

    /// <summary>Those of two replicas, or of every order of a few steps, have no network.</summary>
    private static bool HasNodes(string name) =>
        ExperimentRegistry.Find(name).Options.Any(option => option.Name == "--nodes");

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
