using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>What a node tells others while its store is not done.</summary>
public sealed class SlowStoreTests
{
    private readonly MapRig _rig = new();
    private readonly List<WriteOutcome> _outcomes = [];

    public SlowStoreTests()
    {
        _rig.Set("first", [1]);
        _rig.StoreOf("m").IsSlow = true;
        _rig.StoreOf("m").Durable = 1;
        _rig.Sent();
    }

    [Fact]
    public void A_write_completes_when_it_is_durable()
    {
        Write("k");
        Write("l");
        Assert.Empty(_outcomes);
        Assert.Equal(1, _rig.Counters.Written);
        Synced(2);
        Assert.Equal([WriteOutcome.Committed], _outcomes);
        Synced(3);
        Assert.Equal([WriteOutcome.Committed, WriteOutcome.Committed], _outcomes);
        Assert.Equal(3, _rig.Counters.Written);
    }

    [Fact]
    public void Writes_that_the_store_cannot_take_fail_and_those_before_them_do_not()
    {
        Write("k");
        Write("l");
        Write("m");
        _rig.StoreOf("m").Undoes = true;
        Synced(2);
        Assert.Equal([WriteOutcome.Committed, WriteOutcome.StoreFailed, WriteOutcome.StoreFailed], _outcomes);
        Assert.Equal((2, 1, 2), (_rig.Replica.Count, _rig.Counters.StoreFailures, _rig.Counters.Written));
        Write("n");
        Synced(3);
        Assert.Equal(WriteOutcome.Committed, _outcomes[^1]);
    }

    [Fact]
    public void A_heartbeat_tells_what_is_durable()
    {
        var root = _rig.Replica.Root;
        Write("k");
        _rig.Beat(1, "m", new Heartbeat(1, 2, 3, true));
        var reader = new WireReader(Assert.Single(_rig.Sent(MapFrame.Beat)).Body);
        reader.ReadBytes(2 + 2);
        Assert.True(Heartbeat.TryRead(ref reader, out var told));
        Assert.Equal((root, 1UL), (told.Root, told.Rows));
        Assert.NotEqual(root, _rig.Replica.Root);
    }

    [Fact]
    public void A_question_tells_the_context_that_is_durable()
    {
        var before = _rig.Replica.Context;
        Write("k");
        _rig.Beat(1, "m", new Heartbeat(1, 2, 3, true, KnowsBrief: false));
        var reader = new WireReader(Assert.Single(_rig.Sent(MapFrame.Ask)).Body);
        reader.ReadBytes(8 + 2 + 1);
        Assert.True(ContextCodec.TryRead(ref reader, out var told));
        Assert.Equal(before, told);
    }

    [Theory]
    [InlineData((byte)PullMode.Context)]
    [InlineData((byte)PullMode.Sketch)]
    [InlineData((byte)PullMode.Snapshot)]
    [InlineData((byte)PullMode.Brief)]
    public void An_offer_waits_until_all_of_it_is_durable(byte mode)
    {
        Write("k");
        _rig.Ask(1, 77, (PullMode)mode);
        _rig.Ask(1, 77, (PullMode)mode);
        Assert.Empty(_rig.Sent(MapFrame.Offer));
        Synced(2);
        Assert.Single(_rig.Sent(MapFrame.Offer));
        _rig.Ask(2, 78, (PullMode)mode);
        Assert.Single(_rig.Sent(MapFrame.Offer));
    }

    [Fact]
    public void An_offer_of_what_is_undone_is_never_made_and_the_peer_is_told()
    {
        Write("k");
        _rig.Ask(1, 77, PullMode.Context);
        _rig.StoreOf("m").Undoes = true;
        Synced(1);
        var sent = _rig.Sent();
        Assert.DoesNotContain(sent, static frame => frame.Type == MapFrame.Offer);
        Assert.Contains(sent, static frame => frame.Type == MapFrame.End);
    }

    [Fact]
    public void No_more_offers_wait_than_exchanges_may_be_open()
    {
        Write("k");
        for (ulong i = 0; i < 10; i++)
        {
            _rig.Ask(1 + (int)(i % 2), 100 + i, PullMode.Context);
        }

        Assert.Equal(6, _rig.Sent(MapFrame.End).Count);
        Synced(2);
        Assert.Equal(4, _rig.Sent(MapFrame.Offer).Count);
    }

    [Fact]
    public void Who_asks_whether_an_event_is_here_hears_it_when_it_is_durable()
    {
        Write("k");
        var dot = new Dot(_rig.Replica.Epoch!.Value, 2);
        Has(dot);
        Assert.Equal([0], Assert.Single(_rig.Sent(MapFrame.Had)).Body[16..]);
        Synced(2);
        Has(dot);
        Assert.Equal([1, 0, 2], Assert.Single(_rig.Sent(MapFrame.Had)).Body[16..]);
    }

    [Fact]
    public void A_node_opens_the_maps_that_it_has_stored_when_it_starts()
    {
        var stores = new TestStores(1);
        var before = new MapNet(1);
        before.Set(0, "k", "v");
        Assert.Equal("v", before.Get(0, "k"));
        before.Network.Kill(before.Network.Nodes[0]);
        before.Restart(0, keepsStore: true);
        before.Run(seconds: 1);
        Assert.Equal("v", before.Get(0, "k"));
        Assert.Empty(stores.Stored);
    }

    private void Write(string key) => _rig.Node.Core.Post(_rig.Node.Now, MapFrame.Protocol, new MapWriteCommand(
        "m", [MapChange.Set(MapNet.Path(key), RowKind.Register, new byte[] { 7 })], 5,
        (outcome, _) => _outcomes.Add(outcome)));

    private void Synced(long durable)
    {
        _rig.StoreOf("m").Durable = durable;
        _rig.Node.Core.Post(_rig.Node.Now, MapFrame.Protocol, new MapSyncedCommand("m"));
    }

    private void Has(Dot dot) => _rig.Send(1, MapFrame.Has, (ref WireWriter writer) =>
    {
        writer.WriteUInt64(5);
        MapRig.WriteName(ref writer, "m");
        DotCodec.Write(ref writer, dot);
    });
}
