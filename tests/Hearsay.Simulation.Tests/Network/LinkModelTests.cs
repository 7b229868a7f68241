using Hearsay.Protocols;
using Hearsay.Protocols.Tests;

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
        Assert.InRange(Damaged(network), 0.08 * passed, 0.3 * passed);

        var calm = Start(40, new LinkModel { Loss = 0.1, Duplication = 0.1, Replay = 0.1, Reordering = 0.1 });
        calm.Run(TimeSpan.FromSeconds(200));
        Assert.Equal(0, Damaged(calm));

        static long Damaged(VirtualNetwork network) => network.Nodes.Sum(node =>
            node.Core.Counters.Dropped(DropReason.BadChecksum) + node.Core.Counters.Dropped(DropReason.Malformed));
    }

    [Fact]
    public void Losses_come_in_bursts()
    {
        var network = Start(40, new LinkModel { BurstBegins = 0.02, BurstEnds = 0.2, BurstLoss = 1 });
        network.Run(TimeSpan.FromSeconds(200));

        // In a bad time for 0.02 / (0.02 + 0.2) of the datagrams.
        Assert.InRange(network.Counters.Lost / (double)network.Counters.Sent, 0.07, 0.11);

        // As many losses in both, but five in a row on average, where independent ones come alone.
        Assert.InRange(MeanRun(new LinkModel { BurstBegins = 0.02, BurstEnds = 0.2, BurstLoss = 1 }), 4.3, 5.7);
        Assert.InRange(MeanRun(new LinkModel { Loss = 0.0909 }), 1.05, 1.15);
    }

    private static double MeanRun(LinkModel links)
    {
        var network = Start(2, links);
        var packet = new byte[1];
        var (lost, runs, wasLost) = (0, 0, false);
        for (var i = 0; i < 20_000; i++)
        {
            var before = network.Counters.Lost;
            network.Nodes[0].Send(new Link(network.Nodes[1].Address, LinkKind.Datagram), packet);
            var isLost = network.Counters.Lost > before;
            (lost, runs, wasLost) = (lost + (isLost ? 1 : 0), runs + (isLost && !wasLost ? 1 : 0), isLost);
        }

        return lost / (double)runs;
    }

    [Fact]
    public void A_narrow_link_carries_no_more_than_it_can()
    {
        var busy = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromMilliseconds(200) };
        var network = Start(20, new LinkModel { BytesPerSecond = 3_000 }, busy);
        network.Run(TimeSpan.FromSeconds(100));
        var received = network.Nodes.Sum(node => node.Core.Counters.BytesReceived);
        Assert.InRange(received, 1, 20 * 3_000 * 101);

        var wide = Start(20, new LinkModel(), busy);
        wide.Run(TimeSpan.FromSeconds(100));
        Assert.True(wide.Nodes.Sum(node => node.Core.Counters.BytesReceived) > 1.5 * received);
        Assert.True(LongestRoundTrip(network) > LongestRoundTrip(wide));

        static TimeSpan LongestRoundTrip(VirtualNetwork network) => network.Nodes.Max(node => node.Core.RoundTrip);
    }

    [Fact]
    public void A_network_in_steady_state_allocates_nothing()
    {
        var network = Start(100, new LinkModel());
        // Until all have answered each other once: the tables of addresses that did grow until then.
        network.Run(TimeSpan.FromSeconds(600));
        Assert.Equal(0, SteadyState.Bytes(() => network.Run(TimeSpan.FromSeconds(20))));
    }

    private static VirtualNetwork Start(int nodes, LinkModel links, PeerSamplingOptions? sampling = null)
    {
        var network = new VirtualNetwork(new() { Links = links, KeepsNotices = false });
        for (var i = 0; i < nodes; i++)
        {
            network.Add(sampling);
        }

        return network;
    }
}
