using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests.Broadcast;

/// <summary>Messages that every node sends to seven peers of its sampler.</summary>
public sealed class FanoutRunTests
{
    /// <summary>
    /// What uniform choice among all nodes reaches: p = 1 - e^(-7 p). Views are not that even: who is in few of them
    /// gets less.
    /// </summary>
    private const double Ideal = 0.99909;

    private static readonly BroadcastRunOptions _fanout = new()
    {
        // The law is that of the pushes alone: with the repair on everybody gets everything.
        Mode = BroadcastMode.Fanout, Fanout = 7, Messages = 3, Warmup = 1, RepairInterval = null,
    };

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [Campaign]
    public void A_message_reaches_almost_all_whatever_the_seed(ulong seed)
    {
        // With one contact each in a tree, seed 8 left an island of 1,023 nodes: a delivery of 0.657.
        var network = new BroadcastRun(_fanout with { Nodes = 3000, Seed = seed });
        var run = network.Run();
        Assert.Equal(3000, ComponentMetric.Of(network.Views!).Largest);
        Assert.InRange(run.Delivery, 0.994, Ideal);
        Assert.Equal(0, run.DeliveredTwice);

        // Who stands in d views of 30 is missed by all of them with (1 - 7/30)^d.
        var expected = 0.0;
        foreach (var views in network.Views!.InDegrees)
        {
            expected += (1 - Math.Pow(1 - (7.0 / 30), views)) / 3000;
        }

        Assert.Equal(expected, run.Delivery, 0.0015);
    }
}
