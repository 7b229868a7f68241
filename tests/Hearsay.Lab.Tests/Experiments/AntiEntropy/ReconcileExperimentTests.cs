using System.Text.Json;
using Hearsay.Lab.Experiments.AntiEntropy;

namespace Hearsay.Lab.Tests.Experiments.AntiEntropy;

public sealed class ReconcileExperimentTests
{
    private static readonly string[] s_fields =
    [
        "bytes", "bytesP99", "pullBytes", "roundTrips", "cellsPerDifference", "cellsPerDifferenceP99", "decodeMs",
        "falseTransfers", "complete",
    ];

    [Theory]
    [InlineData("riblt")]
    [InlineData("context")]
    [InlineData("merkle")]
    [InlineData("full")]
    public async Task Every_scheme_finds_exactly_what_differs(string scheme)
    {
        var summary = (await Run("--scheme", scheme, "--difference", "100")).GetProperty("summary");
        Assert.Equal(s_fields, summary.EnumerateObject().Select(field => field.Name));
        Assert.Equal(1, summary.GetProperty("complete").GetDouble());
        Assert.Equal(scheme == "riblt" ? JsonValueKind.Number : JsonValueKind.Null,
            summary.GetProperty("cellsPerDifference").ValueKind);
        Assert.Equal(scheme is "merkle" or "full", summary.GetProperty("falseTransfers").GetDouble() > 0);
        Assert.Equal(400, summary.GetProperty("pullBytes").GetDouble());
    }

    [Fact]
    public async Task Equal_replicas_need_a_heartbeat_and_no_cells()
    {
        var summary = (await Run("--difference", "0")).GetProperty("summary");
        Assert.InRange(summary.GetProperty("bytes").GetDouble(), 34, 64);
        Assert.Equal(0, summary.GetProperty("roundTrips").GetDouble());
        Assert.Equal(JsonValueKind.Null, summary.GetProperty("cellsPerDifference").ValueKind);
    }

    [Fact]
    public async Task One_difference_needs_the_first_chunk_and_wider_ids_and_checks_cost_their_width()
    {
        var narrow = await Bytes("--check-bytes", "4");
        var plain = await Bytes();
        Assert.InRange(plain, 16 * 17, 300);
        Assert.Equal(64, plain - narrow);
        Assert.Equal(16 * 24, await Bytes("--id-bytes", "32") - plain);

        async Task<double> Bytes(params string[] more) => (await Run(["--difference", "1", .. more]))
            .GetProperty("summary").GetProperty("bytes").GetDouble();
    }

    [Fact]
    public async Task A_difference_beyond_the_cells_is_not_complete_and_nothing_is_claimed_of_it()
    {
        var result = await Run("--difference", "300", "--cells", "128");
        Assert.Equal(0, result.GetProperty("summary").GetProperty("complete").GetDouble());
        Assert.Empty(result.GetProperty("claims").EnumerateArray());
    }

    [Fact]
    public async Task The_claims_hold_at_a_thousand_differences()
    {
        var (code, output, _) = await LabCli.RunAsync("run", "reconcile", "--items", "20000", "--json");
        Assert.Equal((0, 5), (code, LabCli.Parse(output).GetProperty("claims").GetArrayLength()));
    }

    [Fact]
    public void Control_what_costs_too_much_or_is_incomplete_fails_its_claims()
    {
        var options = ExperimentRegistry.Find("reconcile").Options;
        var parameters = new LabParameters(options, new Dictionary<string, string>());
        var claims = ReconcileClaims.Of(parameters, new Row
        {
            { "bytes", 27_000 }, { "cellsPerDifference", 1.5 }, { "cellsPerDifferenceP99", 1.6 },
            { "roundTrips", 3 }, { "complete", 0.95 },
        }).ToArray();
        Assert.Equal(5, claims.Length);
        Assert.All(claims, claim => Assert.False(claim.Holds, claim.Id));
    }

    [Fact]
    public async Task More_differences_than_keys_are_a_usage_error()
    {
        var (code, _, error) = await LabCli.RunAsync("run", "reconcile", "--items", "10", "--difference", "11");
        Assert.Equal(2, code);
        Assert.Contains("--difference must be at most --items = 10, not 11.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(1000, 6934)]
    public void The_lower_bound_is_that_of_choosing_ids(int difference, double bytes) =>
        Assert.Equal(bytes, ReconcileClaims.LowerBound(difference), 1.0);

    private static async Task<JsonElement> Run(params string[] options)
    {
        var (_, output, error) = await LabCli.RunAsync(
            ["run", "reconcile", "--items", "5000", "--trials", "4", "--json", .. options]);
        Assert.True(output.Length > 0, error);
        return LabCli.Parse(output);
    }
}
