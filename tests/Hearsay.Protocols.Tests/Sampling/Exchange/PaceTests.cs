using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

public sealed class PaceTests
{
    [Theory]
    [InlineData(250)]
    [InlineData(4_000)]
    public void Nodes_that_are_told_at_once_keep_the_new_pace_and_do_not_act_in_step(int milliseconds)
    {
        var cycle = TimeSpan.FromMilliseconds(milliseconds);
        var network = Swarm.Start(60, cycles: 10);
        var begun = new HashSet<long>();
        foreach (var node in network.Nodes)
        {
            node.Core.SetCycleTime(network.Now, cycle);
            begun.Add(node.Core.NextDue.Ticks);
        }

        var before = network.Nodes.Sum(static node => node.Core.Counters.Cycles);
        network.Run(100 * cycle);
        var each = (network.Nodes.Sum(static node => node.Core.Counters.Cycles) - before) / 60.0;
        Assert.InRange(each, 97, 103);
        Assert.InRange(begun.Count, 50, 60);
        Assert.Single(network.Components());
        Assert.All(network.Nodes, static node => Assert.Equal(30, node.Core.View.Count));
    }

    [Fact]
    public void A_pace_that_does_not_suit_the_other_options_is_refused_and_changes_nothing()
    {
        var network = new VirtualNetwork();
        var node = network.Add(new PeerSamplingOptions { MaximumTimeout = TimeSpan.FromMilliseconds(300) });
        network.Run(TimeSpan.FromSeconds(5));
        foreach (var milliseconds in new[] { 0, 5, 300, 3_600_001 })
        {
            Assert.Throws<ArgumentException>(
                () => node.Core.SetCycleTime(network.Now, TimeSpan.FromMilliseconds(milliseconds)));
        }

        var before = node.Core.Counters.Cycles;
        network.Run(TimeSpan.FromSeconds(100));
        Assert.InRange(node.Core.Counters.Cycles - before, 97, 103);
    }
}
