using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Aggregation;

/// <summary>What costs digits although no message is lost: slow answers, and nodes kept from running.</summary>
public sealed class SlowAnswerTests
{
    [Theory]
    [InlineData(0.01, 3e-7)]
    [InlineData(0.1, 6e-7)]
    [InlineData(0.3, 1e-5)]
    [InlineData(0.9, 1e-2)]
    [Campaign]
    public void Answers_that_take_long_cost_digits(double roundTripCycles, double atMost)
    {
        var network = AggregationScenarios.Slow(roundTripCycles) with { KeepsNotices = false };
        var swarm = new AggregationSwarm(200, network: network);
        var id = swarm.DefineEverywhere(AggregationScenarios.Load);
        swarm.RunToEpoch(4);
        var worst = Enumerable.Range(2, 2).Max(
            epoch => swarm.Finals(id, epoch).Max(f => Math.Abs((f.Value / 99.5) - 1)));
        Swarm.Say($"answers after {roundTripCycles} cycles: largest relative error {worst:e1}");
        Assert.InRange(worst, 0, atMost);
    }

    [Theory]
    [Campaign]
    [InlineData(0.4)]
    [InlineData(1.5)]
    [InlineData(3)]
    public void Epochs_after_a_pause_of_all_nodes_are_as_good_as_before(double pauseCycles) =>
        Assert.Null(AggregationScenarios.PausesCostNoDigitsLater(pauseCycles));
}
