using Hearsay.Lab.Experiments.Rumors;

namespace Hearsay.Lab.Tests.Experiments.Rumors;

/// <summary>The published tables of rumor mongering, with fewer trials than the lab takes by default.</summary>
public sealed class RumorExperimentTests
{
    [Theory]
    [InlineData("--variant push-feedback-counter --k 2 --trials 500", 4)]
    [InlineData("--variant pull-feedback-counter --trials 500", 3)]
    [InlineData("--variant blind-fanout --fanout 4 --trials 200", 1)]
    [InlineData("--variant push-then-pull --trials 50", 3)]
    public async Task Claims_of_the_literature_hold(string options, int claims)
    {
        var (code, output, error) = await LabCli.RunAsync(["run", "rumor", "--json", .. options.Split(' ')]);
        var result = LabCli.Parse(output);
        Assert.Equal(claims, result.GetProperty("claims").GetArrayLength());
        Assert.True(code == 0, output[..Math.Min(2_000, output.Length)] + error);
        var summary = result.GetProperty("summary").EnumerateObject().Select(property => property.Name);
        Assert.Equal(["residue", "traffic", "tAverage", "tLast", "delivery", "requests", "complete"], summary);
    }

    [Theory]
    [Campaign]
    [InlineData("push-feedback-counter", 2)]
    [InlineData("pull-feedback-counter", 1)]
    public void Control_the_table_of_another_k_does_not_hold(string name, int k)
    {
        var variant = RumorVariant.Find(name);
        var parameters = new LabParameters(
            new RumorExperiment().Options, new Dictionary<string, string> { ["trials"] = "500" });
        var trials = RumorTrials.Run(
            variant.Options with { K = k + 1 }, 1_000, 500, 0, parameters, NoProgress.Instance);
        var claims = RumorClaims.Of(variant, variant.Options with { K = k }, 1_000, 0, trials).ToArray();
        Assert.Contains(claims, claim => claim.Id.EndsWith("residue", StringComparison.Ordinal) && !claim.Holds);
        Assert.Contains(claims, claim => claim.Id.EndsWith("traffic", StringComparison.Ordinal) && !claim.Holds);
    }

    [Fact]
    public async Task Nothing_is_claimed_where_nothing_is_known()
    {
        var (code, output, _) = await LabCli.RunAsync(
            "run", "rumor", "--variant", "median-counter", "--nodes", "300", "--trials", "5", "--json");
        Assert.Empty(LabCli.Parse(output).GetProperty("claims").EnumerateArray());
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task All_compares_the_variants_and_checks_the_law_of_push()
    {
        var (code, output, _) = await LabCli.RunAsync(
            "run", "rumor", "--variant", "all", "--k", "1", "--trials", "60", "--json");
        var result = LabCli.Parse(output);
        Assert.Equal(12, result.GetProperty("results").GetArrayLength());
        Assert.Equal(4, result.GetProperty("claims").GetArrayLength());
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("--variant blind-fanout --k 2", "--k must be 1 with --variant blind-fanout")]
    [InlineData("--fanout 10 --nodes 10", "--fanout must be less than --nodes.")]
    [InlineData("--variant shout", "--variant must be")]
    public async Task What_does_not_go_together_is_a_usage_error(string options, string message)
    {
        var (code, output, error) = await LabCli.RunAsync(["run", "rumor", .. options.Split(' ')]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, 0.01)]
    [InlineData(4, 0.98017, 1e-5)]
    [InlineData(11, 0.999983, 1e-6)]
    public void The_share_of_a_fanout_is_the_root_of_its_equation(int fanout, double share, double tolerance) =>
        Assert.Equal(share, RumorClaims.ShareOfFanout(fanout), tolerance);
}
