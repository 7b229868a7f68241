using Hearsay.Simulation;
using Hearsay.Simulation.Neighbours;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>Whole networks of nodes with stable neighbours, in virtual time.</summary>
public sealed class NeighbourNetworkTests
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(400)]
    public void Once_quiet_links_are_symmetric_and_nearly_all_nodes_have_K_neighbours(int nodes)
    {
        var swarm = new NeighbourSwarm();
        swarm.Add(nodes, Apart);
        swarm.Network.Run(TimeSpan.FromSeconds(30));
        Report(swarm);
        var wanted = Math.Min(5, nodes - 1);
        swarm.AssertInvariants();
        Assert.Equal(0, swarm.OneSided());
        Assert.Equal(nodes, swarm.LargestComponent());
        // An odd number of slots leaves one over.
        Assert.InRange(swarm.Up.Count(index => swarm.Count(index) == wanted), (nodes * 0.95) - 1, nodes);
    }

    /// <summary>After 20 s all links are young, after 90 s hardly any.</summary>
    [Theory]
    [Campaign]
    [InlineData(0.3, 20)]
    [InlineData(0.5, 20)]
    [InlineData(0.8, 20)]
    [InlineData(0.5, 90)]
    [InlineData(0.8, 90)]
    public void After_a_crash_the_survivors_are_connected_by_symmetric_links_again(double share, int afterSeconds)
    {
        var swarm = new NeighbourSwarm();
        swarm.Add(200, Apart);
        swarm.Network.Run(TimeSpan.FromSeconds(afterSeconds));
        swarm.Kill((int)(200 * share));
        swarm.Network.Run(TimeSpan.FromSeconds(20));
        Report(swarm);
        swarm.AssertInvariants();
        Assert.Equal(0, swarm.Dead());
        Assert.Equal(0, swarm.OneSided());
        Assert.Equal(swarm.Up.Count(), swarm.LargestComponent());
        Assert.InRange(swarm.Up.Average(swarm.Count), 4.8, 5);
    }

    /// <summary>Old links stay where others ask for room: newcomers get in all the same, and hold the network too.
    /// </summary>
    [Theory]
    [Campaign]
    [InlineData(20, 180)]
    [InlineData(100, 100)]
    public void A_crowd_that_joins_a_settled_network_is_woven_in(int old, int newcomers)
    {
        var swarm = new NeighbourSwarm();
        swarm.Add(old, Apart);
        swarm.Network.Run(TimeSpan.FromSeconds(120));
        swarm.Add(newcomers, TimeSpan.FromMilliseconds(5));
        swarm.Network.Run(TimeSpan.FromSeconds(10));
        Report(swarm);
        Assert.Equal(old + newcomers, swarm.LargestComponent());
        Assert.InRange(swarm.Up.Average(swarm.Count), 4.8, 5);
        Assert.Equal(0, swarm.OneSided());
        swarm.Kill((old + newcomers) / 2);
        swarm.Network.Run(TimeSpan.FromSeconds(3));
        var soon = swarm.LargestComponent();
        swarm.Network.Run(TimeSpan.FromSeconds(17));
        Report(swarm);
        Swarm.Say($"{soon} of {swarm.Up.Count()} together 3 s after a crash of half");
        Assert.Equal(swarm.Up.Count(), swarm.LargestComponent());
    }

    [Fact]
    public void With_a_tenth_of_all_datagrams_lost_links_stay_and_are_symmetric()
    {
        var swarm = new NeighbourSwarm(network: new VirtualNetworkOptions { Loss = 0.1 });
        swarm.Add(200, Apart);
        swarm.Network.Run(TimeSpan.FromSeconds(30));
        swarm.Network.Run(TimeSpan.FromSeconds(60));
        Report(swarm);
        // 60,000 probes, of which a fifth has no answer.
        Assert.InRange(swarm.Sum(c => c.Failures), 0, 20);
        Assert.Equal(0, swarm.OneSided());
        Assert.Equal(200, swarm.LargestComponent());
    }

    [Fact]
    public void Two_halves_that_are_full_each_find_together()
    {
        var swarm = new NeighbourSwarm(new NeighbourOptions { MixPeriod = TimeSpan.FromSeconds(64) });
        swarm.Add(60, Apart);
        swarm.Network.Run(TimeSpan.FromSeconds(10));
        swarm.Network.Passes = (from, to) => from.Index % 2 == to.Index % 2;
        swarm.Network.Run(TimeSpan.FromSeconds(60));
        Report(swarm);
        Assert.Equal(30, swarm.LargestComponent());
        Assert.InRange(swarm.Up.Average(swarm.Count), 4.8, 5);
        swarm.Network.Passes = null;
        swarm.Network.Run(TimeSpan.FromSeconds(90));
        Report(swarm);
        Assert.Equal(60, swarm.LargestComponent());
        Assert.Equal(0, swarm.OneSided());
    }

    [Fact]
    public void Under_churn_the_nodes_that_run_stay_connected()
    {
        var swarm = new NeighbourSwarm();
        swarm.Add(100, Apart);
        swarm.Network.Run(TimeSpan.FromSeconds(10));
        for (var second = 0; second < 40; second++)
        {
            swarm.Kill(1);
            swarm.Network.Leave(swarm.Network.Nodes[swarm.Up.ElementAt(second)]);
            swarm.Restart(Enumerable.Range(0, 100).First(index => !swarm.Network.Nodes[index].IsUp));
            swarm.Add(1, TimeSpan.FromSeconds(1));
            swarm.AssertInvariants();
        }

        Report(swarm);
        Assert.InRange(swarm.Up.Average(swarm.Count), 4.5, 5);
        swarm.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(100, swarm.LargestComponent());
        Assert.Equal(0, swarm.OneSided());
        Assert.Equal(0, swarm.Dead());
    }

    [Fact]
    [Campaign]
    public void What_is_sent_right_after_a_crash_reaches_the_survivors_within_seconds()
    {
        var swarm = new NeighbourSwarm(network: new VirtualNetworkOptions
        {
            MinimumLatency = TimeSpan.FromMilliseconds(10), MaximumLatency = TimeSpan.FromMilliseconds(50),
        });
        swarm.Add(400, Apart);
        swarm.Network.Run(TimeSpan.FromSeconds(20));
        swarm.Kill(200);
        var floods = Enumerable.Range(0, 10).Select(_ => swarm.Flood()).ToArray();
        swarm.Network.Run(TimeSpan.FromSeconds(4));
        Assert.InRange(floods.Average(swarm.Reach), 0.999, 1);
    }

    private static void Report(NeighbourSwarm swarm) => Swarm.Say(
        $"{swarm.Up.Count()} up, degrees "
        + string.Join(' ', swarm.Up.GroupBy(swarm.Count).OrderBy(g => g.Key).Select(g => $"{g.Key}:{g.Count()}"))
        + $", one-sided now {swarm.OneSidedNow().Count}, dead {swarm.Dead()}, component {swarm.LargestComponent()}, "
            + $"links down "
        + $"{swarm.Sum(c => c.LinksDown)}, failures {swarm.Sum(c => c.Failures)}, strangers "
        + $"{swarm.Sum(c => c.Strangers)}, pings {swarm.Sum(c => c.Pings)}, requests {swarm.Sum(c => c.RequestsSent)}, "
        + $"refusals {swarm.Sum(c => c.Refusals)}, unreachable {swarm.Sum(c => c.Unreachable)}, forged "
        + $"{swarm.Sum(c => c.Forged)}, malformed {swarm.Sum(c => c.Malformed)}");
}
