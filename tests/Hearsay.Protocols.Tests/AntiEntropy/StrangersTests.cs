using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Tests.AntiEntropy.Replica;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>Events of invented writers, each of which would be another epoch for good.</summary>
public sealed class StrangersTests
{
    /// <summary>Entries are 16,384 then, and 64 of them may be epochs of strangers.</summary>
    private static readonly MapOptions s_options = new() { SketchCells = 1_024, MaximumExchangeBytes = 2 << 20 };

    [Fact]
    public void What_a_replica_took_of_66_000_invented_writers_is_read_by_its_peers_and_by_itself()
    {
        var node = new TestNode(1);
        for (var writer = 0; writer < 66_000; writer++)
        {
            Assert.Equal(ApplyOutcome.Applied, node.Replica.Apply(Invented(writer)));
        }

        node.Sync();
        AssertReadable(node.Replica, TestNode.Options.MostEntries);
        Assert.True(node.Open().IsTrusted);
    }

    [Fact]
    public void A_replica_takes_no_more_epochs_than_its_peers_can_read_and_still_writes()
    {
        const int Most = 1_000;
        var store = new TestStore();
        var replica = MapReplica.Open(
            new NodeId(1, 1), store, TestNode.Options with { MostEntries = Most }, new TestStores(1));
        for (var writer = 0; writer < 2 * Most; writer++)
        {
            Assert.Equal(
                writer < Most / 2 ? ApplyOutcome.Applied : ApplyOutcome.NoRoom, replica.Apply(Invented(writer)));
        }

        // Neither gaps nor epochs that are said to have ended make it more.
        var known = Invented(0).Dot.Epoch;
        Assert.Equal(ApplyOutcome.NoRoom, replica.Apply(Event(new Dot(known, 3), 3)));
        Assert.Equal(ApplyOutcome.Applied, replica.Apply(Event(new Dot(known, 2), 2)));
        Assert.Equal(ApplyOutcome.NoRoom, replica.Apply(new MapEvent(
            new Dot(known, 3), [], [new(known with { Number = 9 }, 5)])));
        Assert.Equal((3 * (Most / 2)) + 2, replica.Counters.NoRoom);
        Assert.Equal(WriteOutcome.Committed, replica.Write([TestNode.Change("own", 1)], 5, out _));
        AssertReadable(replica, Most);
    }

    [Fact]
    public void An_event_that_would_leave_too_many_gaps_in_its_epoch_is_left_to_an_exchange()
    {
        var node = new TestNode(1);
        var epoch = Invented(0).Dot.Epoch;
        for (var gap = 0; gap < ReplicaOptions.MostRanges; gap++)
        {
            Assert.Equal(ApplyOutcome.Applied, node.Replica.Apply(Event(new Dot(epoch, (2 * (ulong)gap) + 1), gap)));
        }

        Assert.Equal(ApplyOutcome.NoRoom, node.Replica.Apply(Event(new Dot(epoch, 9_999), 9_999)));
        Assert.Equal(ApplyOutcome.Applied, node.Replica.Apply(Event(new Dot(epoch, 2), 2)));
    }

    [Fact]
    public void An_exchange_that_leads_to_more_than_peers_can_read_is_not_taken()
    {
        const int Most = 1_000;
        MapReplica Filled(int from)
        {
            var replica = MapReplica.Open(
                new NodeId(1, 1), new TestStore(), TestNode.Options with { MostEntries = Most }, new TestStores(1));
            for (var writer = from; writer < from + 500; writer++)
            {
                replica.Apply(Invented(writer));
            }

            return replica;
        }

        var (mine, theirs) = (Filled(0), Filled(400));
        Assert.True(theirs.TryDiffer(mine.Context, 65_536, out var difference));
        Assert.False(mine.ApplyDifference(difference));
        Assert.False(mine.Complete(mine.BeginExchange(theirs.Summary)));
        Assert.Equal((500, 2), (mine.Context.Entries, mine.Counters.ContextsRefused));
        theirs = Filled(200);
        Assert.True(theirs.TryDiffer(mine.Context, 65_536, out difference));
        Assert.True(mine.ApplyDifference(difference));
        AssertReadable(mine, Most);
    }

    [Fact]
    public void While_events_of_invented_writers_flood_all_nodes_what_nodes_write_goes_on_to_all()
    {
        var net = new MapNet(nodes: 4, options: s_options, withBroadcast: true);
        net.Set(0, "before", "1");
        net.Until(() => net.IsEqual());
        for (var round = 0; round < 20; round++)
        {
            for (var writer = 0; writer < 1_000; writer++)
            {
                // Each node hears of others first, and of some only.
                for (var node = 0; node < 4; node++)
                {
                    Hear(net, node, Invented((round * 1_000) + ((writer + (node * 250)) % 1_000)));
                }
            }

            net.Set(round % 4, $"key{round}", "1");
            net.Run(seconds: 0.5);
        }

        net.Join();
        net.Run(seconds: 3);
        net.Set(4, "new", "2");
        net.Until(() => net.IsEqual());
        foreach (var node in net.Up)
        {
            Assert.All(Enumerable.Range(0, 20), round => Assert.Equal("1", net.Get(node, $"key{round}")));
            Assert.Equal("2", net.Get(node, "new"));
            AssertReadable(net.Replica(node), 1_000);
        }

        Assert.All(Enumerable.Range(0, 4), node => Assert.True(net.Counters(node).EventsRefused > 15_000));
        Assert.Equal(0, net.Sum(static counters => counters.Malformed + counters.ContextsRefused));
    }

    [Fact]
    public void Of_a_node_that_was_met_events_are_taken_however_many_strangers_there_were()
    {
        var rig = new MapRig(s_options);
        for (var writer = 0; writer < 100; writer++)
        {
            rig.Protocol.Hear(Payload("m", Invented(writer)));
        }

        Assert.Equal((64, 36), (rig.Replica.Count, rig.Counters.EventsRefused));
        var known = new Dot(new EpochId(Lone.Id(1), 9), 1);
        rig.Protocol.Hear(Payload("m", Event(known, 1_000)));
        Assert.Equal(37, rig.Counters.EventsRefused);
        rig.Beat(1, "m", new Heartbeat(1, 2, 3, IsTrusted: true));
        rig.Protocol.Hear(Payload("m", Event(known, 1_000)));
        Assert.Equal((65, 37), (rig.Replica.Count, rig.Counters.EventsRefused));
    }

    private static void Hear(MapNet net, int node, MapEvent one) => net.Network.Command(
        net.Network.Nodes[node], (_, _) => net.Protocols[node].Hear(Payload(MapNet.Map, one)));

    private static byte[] Payload(string map, MapEvent one) => WireEncodings.ToBytes((ref WireWriter writer) =>
    {
        MapRig.WriteName(ref writer, map);
        EventCodec.Write(ref writer, one);
    });

    private static MapEvent Invented(int writer) =>
        Event(new Dot(new EpochId(new NodeId(7, (ulong)writer + 1), 1), 1), writer);

    private static MapEvent Event(Dot dot, int key)
    {
        var path = MapNet.Path($"invented{key}");
        var row = new MapRow(path, dot, RowKind.Register, 1, 0, true, new byte[1]);
        return new MapEvent(dot, [new EventEntry(path, false, [], row)], []);
    }

    private static void AssertReadable(MapReplica replica, int mostEntries)
    {
        var bytes = WireEncodings.ToBytes((ref WireWriter writer) => SummaryCodec.Write(ref writer, replica.Summary));
        var reader = new WireReader(bytes);
        Assert.True(SummaryCodec.TryRead(ref reader, replica.Node, out var read, mostEntries));
        Assert.Equal(replica.Context, read.Context);
    }
}
