using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests.Faults;

public sealed class FaultInjectorTests
{
    [Fact]
    public void A_paused_node_does_nothing_and_then_handles_what_waited()
    {
        var network = Run("pause@10000:3+5000", 14.9);
        var received = network.Nodes[3].Core.Counters.PacketsReceived;
        Assert.Equal(received, Run("", 10).Nodes[3].Core.Counters.PacketsReceived);
        network.Run(TimeSpan.FromMilliseconds(200));
        Assert.True(network.Nodes[3].Core.Counters.PacketsReceived > received);
    }

    [Fact]
    public void A_fast_clock_makes_more_cycles()
    {
        var network = Run("drift@0:3*1.05", 200);
        Assert.InRange(network.Nodes[3].Core.Counters.Cycles, 206, 214);
        Assert.InRange(network.Nodes[4].Core.Counters.Cycles, 196, 204);
    }

    [Fact]
    public void A_slow_node_answers_late_and_is_itself_again_afterwards()
    {
        static int Milliseconds(VirtualNetwork network, int node) =>
            (int)network.Nodes[node].Core.RoundTrip.TotalMilliseconds;
        var slow = Run("slow@0:3+60000*50", 60);
        Assert.InRange(Milliseconds(slow, 3), 50, 250);
        Assert.InRange(Milliseconds(Run("", 60), 3), 2, 10);
        slow.Run(TimeSpan.FromSeconds(120));
        Assert.InRange(Milliseconds(slow, 3), 2, 10);
    }

    [Fact]
    public void A_node_that_moved_is_found_under_its_new_address()
    {
        Assert.Contains(Run("", 40).Nodes, NamesTheOld);
        var network = Run("move@10000:3", 40);
        var node = network.Nodes[3];
        Assert.NotEqual(VirtualNetwork.AddressOf(3), node.Address);
        Assert.Contains(network.Nodes, other => other.Core.View.Copy().Any(peer => peer.Address == node.Address));
        Assert.DoesNotContain(network.Nodes, NamesTheOld);

        static bool NamesTheOld(VirtualNode other) =>
            other.Core.View.Copy().Any(peer => peer.Address == VirtualNetwork.AddressOf(3));
    }

    [Fact]
    public void A_mass_restart_empties_every_view_and_the_network_forms_again()
    {
        var all = string.Join(',', Enumerable.Range(0, 20));
        var network = Run($"restart@30000:{all}", 30);
        Assert.All(network.Nodes, node => Assert.Equal((0, 2UL), (node.Core.View.Count, node.Core.Self.Incarnation)));
        network.Run(TimeSpan.FromSeconds(30));
        Assert.All(network.Nodes, node => Assert.InRange(node.Core.View.Count, 15, 19));
        Assert.All(Run("", 30).Nodes, node => Assert.Equal(1UL, node.Core.Self.Incarnation));
        Assert.All(Run("", 30).Nodes, node => Assert.InRange(node.Core.View.Count, 15, 19));
    }

    [Theory]
    [InlineData("crash", false, 1, true)]
    [InlineData("leave", false, 1, true)]
    [InlineData("restart", true, 2, true)]
    [InlineData("amnesia", true, 1, true)]
    [InlineData("forget", true, 1, false)]
    public void A_node_that_is_struck_runs_or_not_and_is_who_it_was_or_not(
        string kind, bool runs, ulong incarnation, bool isTheSame)
    {
        var before = Run("", 20).Nodes[3].Core;
        var node = Run($"{kind}@20000:3", 20).Nodes[3];
        Assert.Equal(runs, node.IsUp);
        Assert.Equal(incarnation, node.Core.Self.Incarnation);
        Assert.Equal(isTheSame, node.Core.Self.Id == before.Self.Id);
        Assert.Equal(runs, node.Core.Counters.Cycles < before.Counters.Cycles);
    }

    [Fact]
    public void Who_leaves_is_gone_from_other_views_at_once_and_who_crashes_is_not()
    {
        static int Naming(VirtualNetwork network) => network.Nodes.Count(
            node => node.Index != 3 && node.Core.View.Copy().Any(peer => peer.Address == VirtualNetwork.AddressOf(3)));
        var crashed = Naming(Run("crash@20000:3", 20.1));
        Assert.InRange(Naming(Run("leave@20000:3", 20.1)), 0, crashed / 2);
    }

    [Theory]
    [InlineData("split", true, true)]
    [InlineData("mute", true, false)]
    [InlineData("bridge", true, true)]
    public void A_partition_cuts_the_way_it_says(string kind, bool outward, bool inward)
    {
        var network = Run($"{kind}@0:1,2,3+60000", 1);
        var packet = new byte[1];
        long Received(int node) => network.Nodes[node].Core.Counters.PacketsReceived;
        bool Passes(int from, int to)
        {
            var before = Received(to);
            network.Nodes[from].Send(new Link(network.Nodes[to].Address, LinkKind.Datagram), packet);
            network.Run(TimeSpan.FromMilliseconds(6));
            return network.Nodes[to].Core.Counters.Dropped(DropReason.Malformed) > 0 && Received(to) > before;
        }

        Assert.Equal(!outward, Passes(2, 8));
        Assert.Equal(!inward, Passes(9, 3));
        Assert.Equal(kind == "bridge", Passes(1, 7));
        Assert.True(Passes(2, 1));
    }

    [Fact]
    public void Of_two_storms_at_once_the_worse_counts_and_both_end()
    {
        var network = new VirtualNetwork(new() { Links = new LinkModel { Loss = 0.1 } });
        Assert.True(FaultPlan.TryParse("storm@1000+9000*0.5;storm@2000+1000*0.9", out var plan));
        var injector = new FaultInjector(network, plan);
        var losses = new List<double>();
        foreach (var seconds in new[] { 0.5, 1.5, 2.5, 3.5, 10.5 })
        {
            injector.RunUntil(Instant.Zero + TimeSpan.FromSeconds(seconds));
            losses.Add(network.Links.Loss);
        }

        Assert.Equal([0.1, 0.5, 0.9, 0.5, 0.1], losses);
    }

    private static VirtualNetwork Run(string text, double seconds)
    {
        var network = new VirtualNetwork();
        for (var i = 0; i < 20; i++)
        {
            network.Add();
        }

        Assert.True(FaultPlan.TryParse(text, out var plan));
        new FaultInjector(network, plan).RunUntil(Instant.Zero + TimeSpan.FromSeconds(seconds));
        return network;
    }
}
