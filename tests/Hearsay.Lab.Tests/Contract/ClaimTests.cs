using System.Collections.Concurrent;
using Hearsay.Lab.Experiments.Sampling.Overlay;

namespace Hearsay.Lab.Tests.Contract;

/// <summary>Claims hold on the sound engine, and fail where something is wrong.</summary>
public sealed class ClaimTests
{
    [Fact]
    [Campaign]
    public async Task Healer_heals_as_the_reference_page_has_it()
    {
        var (code, output, error) = await LabCli.RunAsync(
            "run", "heal", "--preset", "healer", "--cycles", "10", "--json");
        var claims = LabCli.Parse(output).GetProperty("claims").EnumerateArray().ToArray();
        Assert.True(claims.Length >= 4, output + error);
        Assert.All(claims, claim => Assert.True(claim.GetProperty("holds").GetBoolean(), claim.ToString()));
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Uniform_views_are_a_random_graph()
    {
        var (code, output, _) = await LabCli.RunAsync("run", "overlay", "--cycles", "0", "--json");
        Assert.Equal(3, LabCli.Parse(output).GetProperty("claims").GetArrayLength());
        Assert.Equal(0, code);
    }

    [Fact]
    public void Control_the_overlay_of_another_protocol_fails_the_claims_of_this_one()
    {
        var blindRow = ExperimentRegistry.Find("overlay").Run(
            new LabParameters(
                ExperimentRegistry.Find("overlay").Options,
                new Dictionary<string, string> { ["preset"] = "blind", ["cycles"] = "20", ["metrics-every"] = "20" }),
            NoProgress.Instance).Results[^1];
        foreach (var oracle in OverlayOracles.All.Take(9).Where(oracle => oracle.Preset != "blind"))
        {
            Assert.Contains(OverlayOracles.Check(oracle, blindRow), claim => !claim.Holds);
        }
    }

    [Fact]
    public void Control_a_claim_that_does_not_hold_fails_its_result()
    {
        var result = new ExperimentResult
        {
            Experiment = "none", Parameters = [], Summary = [], Results = [],
            Claims = [Claim.Near("a", "absurd", 1, 1), Claim.AtMost("b", "absurd", -1, 0)],
        };
        Assert.False(result.Holds);
        Assert.Contains("NO", ResultText.ClaimTable(result.Claims), StringComparison.Ordinal);
        Assert.Contains("\"holds\": false", ResultJson.Of(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 105, true)]
    [InlineData(100, 94.9, false)]
    [InlineData(0, 0, true)]
    public void Near_is_within_five_percent(double expected, double measured, bool holds) =>
        Assert.Equal(holds, Claim.Near("a", "b", expected, measured).Holds);

    [Fact]
    public void Every_planned_run_is_one_that_its_experiment_takes()
    {
        foreach (var run in VerificationPlan.Of(quick: true).Concat(VerificationPlan.Of(quick: false)))
        {
            var words = run.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(0, words.Length % 2);
            Assert.NotNull(new LabParameters(
                ExperimentRegistry.Find(run.Experiment).Options,
                words.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1])));
        }
    }

    [Fact]
    public void The_verification_tells_how_long_each_run_took_and_keeps_the_order_of_the_plan()
    {
        PlannedRun[] plan = [new("heal", "nodes 50 cycles 2"), new("overlay", "nodes 50 cycles 2")];
        var runs = Verification.Run(plan, NoProgress.Instance);
        Assert.Equal(plan, runs.Select(run => run.Plan));
        var text = VerificationText.Durations(runs);
        Assert.Contains(" s  heal nodes 50 cycles 2", text, StringComparison.Ordinal);
        Assert.Contains(" of processor time together", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verification_begins_with_what_takes_longest_and_tells_of_every_run_at_once()
    {
        PlannedRun[] plan =
        [
            new("heal", "nodes 50 cycles 1", 1), new("heal", "nodes 50 cycles 2", 5),
            new("heal", "nodes 50 cycles 3", 3),
        ];
        var (finished, shares) = (new List<PlannedRun>(), new ConcurrentQueue<double>());
        Verification.Run(plan, new Shares(shares), run => finished.Add(run.Plan), atATime: 1);
        Assert.Equal([plan[1], plan[2], plan[0]], finished);
        Assert.Equal(1, shares.Last(), 9);
        Assert.Contains(shares, share => Math.Abs(share - (5 / 9.0)) < 1e-9);
    }

    [Fact]
    public void A_claim_that_does_not_hold_stands_in_the_line_of_its_run()
    {
        var result = new PlannedRun("heal", "nodes 50 cycles 1").Run(NoProgress.Instance) with
        {
            Claims = [Claim.AtMost("a/good", "s", 1, 1), Claim.AtMost("a/bad", "s", 1, 2)],
        };
        var line = VerificationText.Line(new VerifiedRun(new("heal", ""), result, TimeSpan.FromSeconds(2)));
        Assert.Contains("NO: a/bad, expected ≤ 1, measured 2", line, StringComparison.Ordinal);
        Assert.DoesNotContain("a/good", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_is_one_page_that_needs_nothing_else()
    {
        var plan = new PlannedRun("heal", "preset healer nodes 100 warmup 5 cycles 5");
        var page = ReportPage.Of([new VerifiedRun(plan, plan.Run(NoProgress.Instance), TimeSpan.Zero)]);
        Assert.Contains("<img alt=", page, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/svg+xml;base64,", page, StringComparison.Ordinal);
        Assert.Contains("width=device-width", page, StringComparison.Ordinal);
        Assert.Contains("<em>TOCS 2007</em> is Jelasity", page, StringComparison.Ordinal);
        Assert.Contains("run heal --preset healer --nodes 100 --warmup 5 --cycles 5<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<?xml", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
    }

    private sealed class Shares(ConcurrentQueue<double> shares) : ILabProgress
    {
        public void Report(double share) => shares.Enqueue(share);
    }
}
