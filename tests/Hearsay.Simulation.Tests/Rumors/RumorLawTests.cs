
namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>
/// The shipped state machine, packet by packet in virtual time, obeys the law of the bulk runs; broken, it does not.
/// Sixteen rumors run at once in shared datagrams, so their mean may be off by more than a fourth of the spread of one:
/// it has to be within one standard deviation of a trial (and 1 % of the traffic).
/// </summary>
public sealed class RumorLawTests
{
    private const int Nodes = 1_000;
    private const int Rumors = 16;
    private const int Trials = 200;

    private static readonly RumorOptions s_base = new() { Staggered = false };

    private static readonly Dictionary<string, RumorOptions> s_variants = new()
    {
        ["push"] = s_base with { Mode = RumorMode.Push, K = 2 },
        ["push-blind-coin"] = s_base with
        {
            Mode = RumorMode.Push, Feedback = false, Interest = RumorInterest.Coin, K = 2,
        },
        ["pull"] = s_base with { Mode = RumorMode.Pull, K = 1 },
        ["pushpull"] = s_base with { Mode = RumorMode.PushPull, K = 1 },
        ["pushpull-minimise"] = s_base with { Mode = RumorMode.PushPull, K = 2, Minimise = true },
        ["blind-fanout"] = s_base with { Mode = RumorMode.Push, Feedback = false, K = 1, Fanout = 4 },
        ["median-counter"] = s_base with { Mode = RumorMode.MedianCounter, K = 3 },
        ["push-then-pull"] = s_base with
        {
            Mode = RumorMode.PushThenPull, PushCycles = RumorOptions.PushCyclesFor(Nodes),
        },
    };

    [Theory]
    [InlineData("push")]
    [InlineData("push-blind-coin")]
    [InlineData("pull")]
    [InlineData("pushpull")]
    [InlineData("pushpull-minimise")]
    [InlineData("blind-fanout")]
    [InlineData("median-counter")]
    [InlineData("push-then-pull")]
    [Campaign]
    public void Nodes_in_step_obey_the_law_of_the_bulk_run(string variant) =>
        Assert.Empty(Differences(s_variants[variant], RumorFault.None));

    [Theory]
    [InlineData("push", nameof(RumorFault.FeedbackLost))]
    [InlineData("push", nameof(RumorFault.AllWasNew))]
    [InlineData("push", nameof(RumorFault.NothingWasNew))]
    [InlineData("push", nameof(RumorFault.ToldTwice))]
    [InlineData("push", nameof(RumorFault.NearPartners))]
    [InlineData("pull", nameof(RumorFault.NoAnswers))]
    [InlineData("pull", nameof(RumorFault.NothingWasNew))]
    [Campaign]
    public void Control_a_broken_protocol_does_not(string variant, string fault) =>
        Assert.NotEmpty(Differences(s_variants[variant], Enum.Parse<RumorFault>(fault)));

    [Fact]
    public void Nodes_out_of_step_reach_as_many_with_as_much()
    {
        var staggered = RumorNetwork.Run(
            s_variants["push"] with { Staggered = true, K = 1 }, Nodes, Rumors);
        Assert.InRange(staggered.Residue, 0.15, 0.20);
        Assert.InRange(staggered.Traffic, 1.65, 1.85);
    }

    [Fact]
    public void Loss_costs_the_live_protocol_what_it_costs_the_bulk_run() =>
        Assert.Empty(Differences(s_variants["push"], RumorFault.None, loss: 0.1));

    private static List<string> Differences(RumorOptions options, RumorFault fault, double loss = 0)
    {
        var live = RumorNetwork.Run(options, Nodes, Rumors, fault, loss: loss);
        var run = new RumorRun(options, Nodes, 1, loss);
        var bulk = Enumerable.Range(0, Trials).Select(trial =>
        {
            run.Restart((ulong)trial);
            return run.Finish(new UniformRumorPartners(Nodes));
        }).ToArray();
        var differences = new List<string>();
        void Compare(string what, double measured, Func<RumorOutcome, double> of, double slack)
        {
            var mean = bulk.Average(of);
            var deviation = Math.Sqrt(bulk.Average(trial => Math.Pow(of(trial) - mean, 2)));
            var text = $"{what}: {measured:0.0000} in virtual time, {mean:0.0000} (+- {deviation:0.0000}) in bulk";
            TestContext.Current.TestOutputHelper!.WriteLine(text);
            if (Math.Abs(measured - mean) > deviation + slack)
            {
                differences.Add(text);
            }
        }

        Compare("residue", live.Residue, trial => trial.Residue, 1e-4);
        Compare("traffic", live.Traffic, trial => trial.Traffic, 0.01 * live.Traffic);
        Compare("average cycle", live.AverageCycle, trial => trial.AverageCycle, 0.05);
        Compare("last cycle", live.LastCycle, trial => trial.LastCycle, 0.5);
        return differences;
    }
}
