using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

public sealed class PresetTests
{
    [Theory]
    [InlineData("blind")]
    [InlineData("healer")]
    [InlineData("swapper")]
    [InlineData("recommended")]
    [InlineData("newscast")]
    [InlineData("cyclon")]
    [InlineData("lan")]
    [InlineData("wan")]
    public void Every_preset_converges(string name)
    {
        Assert.True(PeerSamplingOptions.TryGetPreset(name, out var options));
        var network = Swarm.Start(150, options);
        network.AfterEvent = node => node.Core.AssertInvariants();
        network.Run(15 * options.CycleTime);

        Assert.Single(network.Components());
        Assert.True(network.Nodes.Average(n => n.Core.View.Count) >= 0.97 * options.ViewSize);
        Assert.Equal(0, network.Dropped(DropReason.Malformed));
        Assert.Equal(0, network.Dropped(DropReason.Excess));
        Assert.Equal(0, network.Dropped(DropReason.Amplification));
        Assert.Equal(0, network.Dropped(DropReason.UnknownType));
        var spread = network.InDegrees().Values.Order().ToArray();
        Swarm.Say($"{name}: in-degree {spread[0]} to {spread[^1]}");
    }

    [Fact]
    public void Newscast_sends_its_whole_view_and_keeps_the_freshest()
    {
        var node = new Lone(PeerSamplingOptions.Newscast);
        node.Push(1, [.. Enumerable.Range(2, 19).Select(i => Lone.Of(i, i))]);
        Assert.Equal(20, node.Core.View.Count);
        node.Sent.Clear();
        node.BeginCycle();
        Assert.Equal(21, Swarm.ReadExchange(node.Sent[0].Packet).Entries.Count);
        node.Push(30, Lone.Of(31, 0));
        Assert.True(node.Knows(30) && node.Knows(31));
        Assert.False(node.Knows(20) || node.Knows(19));
    }

    [Fact]
    public void A_Cyclon_newcomer_gets_links_and_in_degrees_stay_where_they_were()
    {
        var network = Swarm.Start(150, PeerSamplingOptions.Cyclon, cycles: 40);
        var before = network.InDegrees();
        var links = before.Values.Sum();
        var node = network.Add(PeerSamplingOptions.Cyclon);
        network.Run(TimeSpan.FromMilliseconds(200));

        Assert.True(node.Core.View.Count >= 8, $"{node.Core.View.Count} links");
        var after = network.InDegrees();
        Assert.True(after[node.Core.Self.Id] >= 5, $"in-degree {after[node.Core.Self.Id]}");
        var moved = before.Max(d => Math.Abs(after[d.Key] - d.Value));
        Assert.True(moved <= 6, $"an in-degree moved by {moved}");
        network.Run(20 * Swarm.Second);
        Assert.InRange(network.InDegrees().Values.Sum() - links, 0, 25);
        Assert.True(network.InDegrees()[node.Core.Self.Id] >= 8);
    }

    [Fact]
    public void Cyclon_conserves_its_links()
    {
        var deviation = 0.0;
        for (var seed = 1ul; seed <= 5; seed++)
        {
            var network = Swarm.Start(150, PeerSamplingOptions.Cyclon, new() { Seed = seed }, cycles: 30);
            var links = network.InDegrees().Values.Sum();
            network.Run(50 * Swarm.Second);
            var now = network.InDegrees().Values;
            Assert.InRange(now.Sum(), links - 150, 150 * 20);
            Assert.True(now.Min() >= 4 && now.Max() <= 46, $"{now.Min()} to {now.Max()}");
            deviation += Math.Sqrt(now.Average(degree => (degree - now.Average()) * (degree - now.Average()))) / 5;
        }

        // 4.14 over forty seeds, with a deviation of 0.3 of one run: four standard errors.
        Assert.InRange(deviation, 3.6, 4.7);
    }

    [Fact]
    public void A_forged_Cyclon_join_that_names_its_victim_throws_nothing_and_starts_no_walk()
    {
        var node = new Lone(PeerSamplingOptions.Cyclon);
        var mode = ExchangeMode.Join | ExchangeMode.Push | ExchangeMode.Pull;
        node.Receive(Lone.From(1), node.Request(1, mode, NodeId.None, Lone.Of(0)));
        node.Receive(Lone.From(1), Lone.Packet(
            Lone.Id(1), SamplingMessage.Walk, b => b.Byte(0).Entries(Lone.Of(0)), padTo: 200));
        Assert.Equal(0, node.Core.View.Count);
        node.Receive(Lone.From(1), node.Request(1, mode, NodeId.None, Lone.Of(1)));
        node.Sent.Clear();
        node.Receive(Lone.From(2), node.Request(2, mode, NodeId.None, Lone.Of(3)));
        Assert.Single(node.Sent);
    }

    [Fact]
    public void Walks_are_throttled_whoever_sends_them()
    {
        var node = new Lone(PeerSamplingOptions.Cyclon);
        node.Push(1);
        node.Sent.Clear();
        for (var i = 0; i < 1000; i++)
        {
            node.Receive(Lone.From(2), Lone.Packet(
                Lone.Id(2), SamplingMessage.Walk, b => b.Byte(5).Entries(Lone.Of(3)), padTo: 200));
        }

        Assert.Equal(160, node.Sent.Count);
        Assert.Equal(840, node.Core.Counters.Dropped(DropReason.Throttled));
    }

    [Fact]
    public void Two_nodes_that_hand_their_only_entry_to_and_fro_join_once_and_are_alone_once()
    {
        var network = Swarm.Start(2, PeerSamplingOptions.Cyclon, cycles: 20);
        Assert.All(network.Nodes, n => Assert.Single(n.Notices, told => told.Kind == NodeNoticeKind.Joined));
        Assert.All(network.Nodes, n => Assert.DoesNotContain(n.Notices, told => told.Kind == NodeNoticeKind.Isolated));

        network.Kill(network.Nodes[1]);
        network.Run(20 * Swarm.Second);
        Assert.Single(network.Nodes[0].Notices, told => told.Kind == NodeNoticeKind.Isolated);
    }

    [Fact]
    [Campaign]
    public void The_longest_shuffle_still_counts_its_descriptors_in_one_byte()
    {
        var options = PeerSamplingOptions.Cyclon with { ViewSize = 256, ShuffleLength = 256 };
        var network = Swarm.Start(300, options, cycles: 40);
        Assert.Single(network.Components());
        Assert.Equal(0, network.Dropped(DropReason.Malformed));
        Assert.True(network.Nodes.Sum(n => n.Core.Counters.ExchangesTimedOut) == 0);
    }
}
