using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests.Network;

public sealed class LinkModelTests
{
    [Theory]
    [InlineData(DelayKind.Constant, 10, 10)]
    [InlineData(DelayKind.Uniform, 60, 60)]
    [InlineData(DelayKind.Exponential, 44.66, 60)]
    [InlineData(DelayKind.LogNormal, 60, 92.4)]
    public void Delays_have_the_median_and_mean_of_their_distribution(DelayKind kind, double median, double mean)
    {
        var model = new DelayModel(kind, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));
        var random = new SeededRandom(1);
        var drawn = Enumerable.Range(0, 40_000).Select(_ => model.Draw(ref random).TotalMilliseconds).Order().ToArray();
        Assert.InRange(drawn[20_000], 0.97 * median, 1.03 * median);
        Assert.InRange(drawn.Average(), 0.97 * mean, 1.03 * mean);
        Assert.True(drawn[0] >= 10);
    }

    [Fact]
    public void Packets_are_lost_doubled_replayed_and_damaged_as_often_as_the_model_says()
    {
        var network = Start(40, new LinkModel
        {
            Loss = 0.1, Duplication = 0.1, Replay = 0.1, Reordering = 0.1, Corruption = 0.1, Truncation = 0.1,
        });
        network.Run(TimeSpan.FromSeconds(200));
        var counters = network.Counters;
        var passed = counters.Sent - counters.Lost;
        Assert.InRange(counters.Lost / (double)counters.Sent, 0.08, 0.12);
        Assert.InRange(counters.Duplicated / (double)passed, 0.08, 0.12);
        Assert.InRange(counters.Replayed / (double)passed, 0.08, 0.12);
        Assert.InRange(counters.Corrupted / (1.2 * passed), 0.08, 0.12);
        Assert.InRange(counters.Truncated / (1.2 * passed), 0.08, 0.12);
        Assert.True(network.Nodes.Sum(node => node.Core.Counters.Dropped(DropReason.BadChecksum)) > 0);
    }

    [Fact]
    public void Losses_come_in_bursts()
    {
        var network = Start(40, new LinkModel { BurstBegins = 0.02, BurstEnds = 0.2, BurstLoss = 1 });
        network.Run(TimeSpan.FromSeconds(200));

        // In a bad time for 0.02 / (0.02 + 0.2) of the datagrams.
        Assert.InRange(network.Counters.Lost / (double)network.Counters.Sent, 0.07, 0.11);
    }

    [Fact]
    public void A_narrow_link_carries_no_more_than_it_can()
    {
        var network = Start(20, new LinkModel { BytesPerSecond = 2_000 });
        network.Run(TimeSpan.FromSeconds(100));
        var received = network.Nodes.Sum(node => node.Core.Counters.BytesReceived);
        Assert.InRange(received, 1, 20 * 2_000 * 101);
    }

    [Fact]
    public void A_network_in_steady_state_allocates_nothing()
    {
        var network = Start(100, new LinkModel());
        network.Run(TimeSpan.FromSeconds(60));
        var before = GC.GetAllocatedBytesForCurrentThread();
        network.Run(TimeSpan.FromSeconds(20));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
    }

    private static VirtualNetwork Start(int nodes, LinkModel links)
    {
        var network = new VirtualNetwork(new() { Links = links, KeepsNotices = false });
        for (var i = 0; i < nodes; i++)
        {
            network.Add();
        }

        return network;
    }
}
