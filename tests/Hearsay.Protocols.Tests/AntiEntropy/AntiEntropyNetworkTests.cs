using System.Globalization;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Tests.AntiEntropy.Replica;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>Maps of whole nodes, in virtual time, over a network that loses, cuts and restarts.</summary>
public sealed class AntiEntropyNetworkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_node_gets_what_every_node_wrote_at_a_loss_of_ten_percent(bool withBroadcast)
    {
        var net = new MapNet(16, seed: 3, loss: 0.1, withBroadcast: withBroadcast);
        for (var node = 0; node < 16; node++)
        {
            net.Set(node, $"k{node}", $"v{node}");
            net.Write(node, MapChange.Increment(MapNet.Path("count"), node));
            net.Run(seconds: 0.05);
        }

        net.Until(() => net.IsEqual());
        foreach (var node in net.Up)
        {
            Assert.Equal(120, net.Counter(node, "count"));
            Assert.All(Enumerable.Range(0, 16), i => Assert.Equal($"v{i}", net.Get(node, $"k{i}")));
        }

        Assert.Equal(0, net.Sum(counters => counters.Malformed));
        net.AssertConsistent();
    }

    [Fact]
    public void Broadcast_carries_a_write_to_all_before_any_heartbeat()
    {
        var net = new MapNet(
            16, seed: 4, options: new MapOptions { SketchCells = 64, CycleTime = TimeSpan.FromHours(1) },
            withBroadcast: true);
        net.Run(seconds: 20);
        net.Set(3, "key", "value");
        net.Run(seconds: 1);
        Assert.All(net.Up, node => Assert.Equal("value", net.Get(node, "key")));
        Assert.Equal(0, net.Sum(counters => counters.ExchangesBegun));
    }

    [Fact]
    public void Writes_on_both_sides_of_a_partition_are_everywhere_after_it_and_removals_stay()
    {
        var net = new MapNet(16, seed: 5, loss: 0.05);
        for (var i = 0; i < 20; i++)
        {
            net.Set(0, $"k{i}", "old");
        }

        net.Until(() => net.IsEqual());
        net.Network.Passes = static (a, b) => a.Index < 8 == b.Index < 8;
        net.Remove(2, "k0");
        net.Set(2, "k1", "left");
        net.Set(12, "k2", "right");
        net.Set(3, "both", "left");
        net.Set(13, "both", "right");
        net.Remove(12, "k3");
        net.Set(2, "k3", "kept");
        net.Write(2, MapChange.Increment(MapNet.Path("count"), 5));
        net.Write(12, MapChange.Increment(MapNet.Path("count"), 7));
        net.Run(seconds: 20);
        Assert.False(net.IsEqual());

        net.Network.Passes = null;
        var seconds = net.Until(() => net.IsEqual());
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"healed in {seconds} s"));
        foreach (var node in net.Up)
        {
            Assert.Null(net.Get(node, "k0"));
            Assert.Equal(("left", "right", "kept"), (net.Get(node, "k1"), net.Get(node, "k2"), net.Get(node, "k3")));
            Assert.Equal(12, net.Counter(node, "count"));
            Assert.Equal(2, net.Replica(node).RowsOf(MapNet.Path("both")).Length);
        }

        net.AssertConsistent();
    }

    /// <summary>Heartbeats to random peers are an hour apart: only the new link can have led to an exchange.</summary>
    [Fact]
    public void Two_nodes_that_become_neighbours_again_compare_at_once()
    {
        var net = new MapNet(
            2, seed: 21, options: new MapOptions { SketchCells = 64, CycleTime = TimeSpan.FromHours(1) },
            withBroadcast: true);
        net.Run(seconds: 20);
        net.Network.Passes = static (_, _) => false;
        net.Set(0, "left", "v");
        net.Set(1, "right", "v");
        net.Run(seconds: 60);
        net.Network.Passes = null;
        net.Until(() => net.IsEqual(), most: 120);
        Assert.Equal(("v", "v"), (net.Get(0, "right"), net.Get(1, "left")));
    }

    [Fact]
    public void Peers_that_stay_away_get_a_heartbeat_now_and_then()
    {
        var net = new MapNet(16, seed: 22);
        net.Set(0, "k", "v");
        net.Until(() => net.IsEqual());
        net.Network.Passes = static (a, b) => a.Index < 8 == b.Index < 8;
        net.Run(seconds: 40);
        var across = new int[16];
        foreach (var node in net.Network.Nodes)
        {
            node.OnSend = (to, packet) => across[node.Index] +=
                net.Network.At(to.Address)!.Index < 8 != node.Index < 8 && IsOfMaps(packet) ? 1 : 0;
        }

        net.Run(seconds: 20);

        // Every two cycles, if one is drawn then.
        Assert.All(across, static count => Assert.InRange(count, 3, 10));
    }

    private static bool IsOfMaps(byte[] packet)
    {
        var reader = new WireReader(packet.AsSpan(Envelope.SizeBytes));
        while (Frame.TryRead(ref reader, out var protocol, out _, out _))
        {
            if (protocol == MapFrame.Protocol)
            {
                return true;
            }
        }

        return false;
    }

    [Fact]
    public void A_node_that_comes_back_with_an_empty_store_gets_all_and_brings_nothing_back()
    {
        var net = new MapNet(8, seed: 6);
        for (var i = 0; i < 50; i++)
        {
            net.Set(i % 8, $"k{i}", "v");
        }

        net.Until(() => net.IsEqual());
        net.Network.Kill(net.Network.Nodes[3]);
        net.Remove(4, "k3");
        net.Until(() => net.IsEqual());
        net.Restart(3, keepsStore: false);
        net.Until(() => net.IsEqual());
        Assert.Null(net.Get(3, "k3"));
        Assert.Equal(49, net.Replica(3).Count);
        Assert.True(net.Counters(3).SnapshotExchanges > 0);

        // It does not continue its numbers: what it writes now is new to all.
        net.Set(3, "k4", "again");
        net.Until(() => net.IsEqual());
        Assert.All(net.Up, node => Assert.Equal("again", net.Get(node, "k4")));
        net.AssertConsistent();
    }

    [Fact]
    public void A_node_that_was_away_with_its_store_does_not_bring_back_what_was_removed()
    {
        var net = new MapNet(8, seed: 7);
        for (var i = 0; i < 20; i++)
        {
            net.Set(1, $"k{i}", "v");
        }

        net.Until(() => net.IsEqual());
        net.Network.Kill(net.Network.Nodes[5]);
        for (var i = 0; i < 10; i++)
        {
            net.Remove(2, $"k{i}");
        }

        // Long enough that the bounded log of removals no longer has them.
        for (var i = 0; i < 100; i++)
        {
            net.Set(2, "x", $"{i}");
            net.Remove(2, "x");
        }

        net.Run(seconds: 30);
        net.Restart(5, keepsStore: true);
        net.Until(() => net.IsEqual());
        Assert.All(net.Up, node => Assert.All(Enumerable.Range(0, 10), i => Assert.Null(net.Get(node, $"k{i}"))));
        net.AssertConsistent();
    }

    [Fact]
    public void Where_the_log_of_removals_is_too_short_the_sketch_is_taken()
    {
        var net = new MapNet(4, seed: 8, options: new MapOptions { SketchCells = 1_024, RemovalLogLength = 3 });
        for (var i = 0; i < 40; i++)
        {
            net.Set(1, $"k{i}", "v");
        }

        net.Until(() => net.IsEqual());
        net.Network.Kill(net.Network.Nodes[3]);
        for (var i = 0; i < 20; i++)
        {
            net.Remove(2, $"k{i}");
        }

        net.Until(() => net.IsEqual());
        net.Restart(3, keepsStore: true);
        net.Until(() => net.IsEqual());
        Assert.Equal(20, net.Replica(3).Count);
        Assert.True(net.Counters(3).SketchExchanges > 0);
    }

    [Fact]
    public void A_difference_beyond_the_sketch_comes_by_digests()
    {
        var net = new MapNet(2, seed: 9, options: new MapOptions { SketchCells = 64, RemovalLogLength = 0 });
        net.Set(0, "first", "v");
        net.Until(() => net.IsEqual());
        net.Network.Passes = static (_, _) => false;
        for (var i = 0; i < 400; i++)
        {
            net.Set(i % 2, $"k{i}", "v");
        }

        net.Remove(0, "first");
        net.Network.Passes = null;
        net.Until(() => net.IsEqual());
        Assert.Equal(400, net.Replica(0).Count);
        Assert.True(net.Sum(counters => counters.DigestExchanges) > 0);
        net.AssertConsistent();
    }

    [Fact]
    public void A_damaged_row_ends_trust_and_comes_back_from_another_node()
    {
        var net = new MapNet(6, seed: 10);
        for (var i = 0; i < 30; i++)
        {
            net.Set(i % 6, $"k{i}", $"v{i}");
        }

        net.Until(() => net.IsEqual());
        net.Network.Kill(net.Network.Nodes[2]);
        var store = net.Stores[2].Of(MapNet.Map);
        store.Change(store.Rows.Keys.First());
        store.Rows.Remove(store.Rows.Keys.Last());
        net.Restart(2, keepsStore: true);
        net.Set(1, "new", "v");
        net.Run(seconds: 0.2);
        net.Until(() => net.IsEqual() && net.Replica(2).IsTrusted);
        Assert.Equal(31, net.Replica(0).Count);
        Assert.All(net.Up, node => Assert.All(
            Enumerable.Range(0, 30), i => Assert.Equal($"v{i}", net.Get(node, $"k{i}"))));
        Assert.True(net.Counters(2).SketchExchanges > 0);
        net.AssertConsistent();
    }

    [Fact]
    public void Large_values_come_in_pieces_and_a_cut_exchange_does_not_count()
    {
        var net = new MapNet(2, seed: 11);
        net.Set(0, "small", "v");
        net.Until(() => net.IsEqual());
        var large = new string('x', MapOptions.LargestValueBytes - 10);
        net.Set(0, "large", large);
        net.Set(0, "other", large);
        var before = net.Replica(1).Context;
        net.Until(() => net.Protocols[1].Maps[MapNet.Map].Pull is { Intake: not null }, step: 0.001);
        net.Network.Passes = static (_, _) => false;
        net.Run(seconds: 40);
        Assert.Equal(before, net.Replica(1).Context);
        Assert.Null(net.Get(1, "large"));
        Assert.True(net.Counters(1).ExchangesCut > 0);
        net.Network.Passes = null;
        net.Until(() => net.IsEqual());
        Assert.Equal(large, net.Get(1, "large"));
    }

    [Fact]
    public void Nodes_that_come_go_and_write_meanwhile_end_equal()
    {
        var net = new MapNet(12, seed: 12, loss: 0.05);
        var random = SeededRandom.For(12, 0, 0, 0);
        var written = 0;
        for (var step = 0; step < 200; step++)
        {
            var node = random.Below(net.Protocols.Count);
            var vnode = net.Network.Nodes[node];
            switch (random.Below(10))
            {
                case 0 when vnode.IsUp && node != 0 && net.Up.Count() > 8:
                    net.Network.Kill(vnode);
                    break;
                case 1 when !vnode.IsUp:
                    net.Restart(node, keepsStore: random.Below(2) == 0);
                    break;
                case 2 when vnode.IsUp:
                    net.Remove(node, $"k{random.Below(20)}");
                    break;
                default:
                    if (vnode.IsUp)
                    {
                        net.Set(node, $"k{random.Below(20)}", $"{written++}");
                    }

                    break;
            }

            net.Run(seconds: 0.2);
        }

        net.Until(() => net.IsEqual());
        Assert.True(written > 100);
        net.AssertConsistent();
    }

    [Fact]
    public void Several_maps_share_one_heartbeat_and_nothing_else()
    {
        var net = new MapNet(6, seed: 13);
        for (var i = 0; i < 30; i++)
        {
            net.WriteTo($"map{i}", i % 6, MapChange.Set(MapNet.Path("k"), RowKind.Register, new byte[] { (byte)i }));
        }

        net.Until(() => Enumerable.Range(0, 30).All(i => net.IsEqual($"map{i}")));
        Assert.All(net.Up, node => Assert.Equal(30, net.Protocols[node].MapCount));
    }

    [Fact]
    public void Equal_maps_cost_one_heartbeat_per_cycle()
    {
        var net = new MapNet(8, seed: 14);
        for (var i = 0; i < 100; i++)
        {
            net.Set(0, $"k{i}", "v");
        }

        net.Until(() => net.IsEqual());
        net.Run(seconds: 5);
        var (sent, beats, begun) = (
            net.Sum(c => c.BytesSent), net.Sum(c => c.HeartbeatsSent), net.Sum(c => c.ExchangesBegun));
        net.Run(seconds: 100);
        beats = net.Sum(c => c.HeartbeatsSent) - beats;
        Assert.InRange(beats, 780, 820);
        Assert.True(net.Sum(c => c.BytesSent) - sent <= 64 * beats);
        Assert.Equal(begun, net.Sum(c => c.ExchangesBegun));
    }

    [Fact]
    public void A_map_in_which_nothing_was_written_is_compared_and_held_by_nobody_else()
    {
        var net = new MapNet(4, seed: 16);
        net.Network.Command(net.Network.Nodes[1], (core, now) => core.Post(
            now, MapFrame.Protocol, new MapOpenCommand("empty")));
        net.Until(() => net.Protocols[1].Maps["empty"].IsCompared);
        Assert.Equal(1, net.Protocols.Sum(static one => one.MapCount));
    }

    /// <summary>The control of all tests here: without exchanges nothing would heal.</summary>
    [Fact]
    public void Without_heartbeats_nodes_stay_different()
    {
        var net = new MapNet(8, seed: 15, options: new MapOptions { CycleTime = TimeSpan.FromHours(1) });
        net.Network.Passes = static (_, _) => false;
        net.Set(0, "k", "v");
        net.Run(seconds: 60);
        net.Network.Passes = null;
        net.Run(seconds: 60);
        Assert.False(net.IsEqual());
    }
}
