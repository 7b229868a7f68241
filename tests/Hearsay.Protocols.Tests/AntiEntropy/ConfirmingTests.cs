using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>Whether other nodes have what was written here: who is asked, and whose answer counts.</summary>
public sealed class ConfirmingTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    private readonly MapRig _rig = new();
    private readonly List<WriteOutcome> _outcomes = [];
    private readonly List<IReadOnlyList<NodeId>> _have = [];
    private readonly List<bool> _handedOver = [];

    [Fact]
    public void A_node_that_leaves_waits_until_another_has_all_and_not_only_the_last_write()
    {
        Write("a");
        Write("b");
        Write("c");
        HandOver(s_long);
        var (nonce, dot) = Asked()[0];
        Assert.Equal(new Dot(_rig.Replica.Epoch!.Value, 1), dot);
        Had(1, nonce, 1, (3, 3));
        Had(2, nonce, 1, (1, 2));
        Assert.Empty(_handedOver);
        Had(2, nonce, 1, (1, 3));
        Assert.Equal([true], _handedOver);
    }

    [Fact]
    public void Who_is_asked_by_a_node_that_leaves_hears_at_once_of_what_it_lacks()
    {
        Write("a");
        HandOver(s_long);
        _rig.Sent();
        _rig.Node.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal(2, _rig.Sent().Count(static frame => frame.Type == MapFrame.Beat));
    }

    [Fact]
    public void A_leave_of_which_nobody_has_all_in_time_is_told_so()
    {
        HandOver(TimeSpan.Zero);
        Assert.Equal([true], _handedOver);
        Write("a");
        HandOver(TimeSpan.Zero);
        Assert.Equal([true, false], _handedOver);
        HandOver(TimeSpan.FromSeconds(1));
        _rig.Node.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([true, false, false], _handedOver);
    }

    [Fact]
    public void A_leave_waits_for_writes_that_are_not_durable_yet()
    {
        Write("a");
        _rig.StoreOf("m").IsSlow = true;
        _rig.StoreOf("m").Durable = 1;
        Write("b");
        HandOver(s_long);
        Assert.Empty(Asked());
        _rig.StoreOf("m").Durable = 2;
        _rig.Node.Core.Post(_rig.Node.Now, MapFrame.Protocol, new MapSyncedCommand("m"));
        var (nonce, _) = Asked()[0];
        Had(1, nonce, 1, (1, 1));
        Assert.Empty(_handedOver);
        Had(1, nonce, 1, (1, 2));
        Assert.Equal([true], _handedOver);
    }

    [Fact]
    public void A_leave_waits_for_what_was_written_before_the_store_failed()
    {
        Write("a");
        var first = _rig.Replica.Epoch!.Value;
        _rig.StoreOf("m").IsSlow = true;
        _rig.StoreOf("m").Durable = 1;
        Write("lost");
        _rig.StoreOf("m").Undoes = true;
        _rig.Node.Core.Post(_rig.Node.Now, MapFrame.Protocol, new MapSyncedCommand("m"));
        Assert.Equal(WriteOutcome.StoreFailed, _outcomes[^1]);
        _rig.StoreOf("m").IsSlow = false;
        Write("b");
        HandOver(s_long);
        var asked = Asked();
        var (ofFirst, ofSecond) = (asked.First(one => one.Dot.Epoch == first).Nonce,
            asked.First(one => one.Dot.Epoch != first).Nonce);
        Had(1, ofSecond, 1, (1, 1));
        Assert.Empty(_handedOver);
        Had(2, ofFirst, 1, (1, 1));
        Assert.Equal([true], _handedOver);
    }

    [Fact]
    public void Thousands_of_writes_wait_together_and_one_question_serves_all()
    {
        for (var i = 0; i < 3_000; i++)
        {
            Write($"{i}", nodes: 1);
        }

        Assert.Empty(_have);
        var asked = Asked();
        Assert.Equal(2, asked.Count);
        Had(1, asked[0].Nonce, 1, (1, 2_000));
        Assert.Equal(2_000, _have.Count);
        Had(1, asked[0].Nonce, 1, (1, 3_000));
        Assert.Equal(3_000, _have.Count);
        Assert.All(_have, static have => Assert.Equal([Lone.Id(1)], have));
    }

    [Fact]
    public void A_write_for_which_there_is_no_room_to_wait_is_not_done()
    {
        for (var i = 0; i < AntiEntropyProtocol.MostConfirmations; i++)
        {
            Write($"{i % 50}", nodes: 1);
        }

        Assert.DoesNotContain(WriteOutcome.Busy, _outcomes);
        Write("more", nodes: 1);
        Assert.Equal(WriteOutcome.Busy, _outcomes[^1]);
        Assert.Equal((50, 1), (_rig.Replica.Count, _rig.Counters.Refused));
        Write("more");
        Assert.Equal(WriteOutcome.Committed, _outcomes[^1]);
        Had(1, Asked()[0].Nonce, 1, (1, AntiEntropyProtocol.MostConfirmations));
        Assert.Equal(AntiEntropyProtocol.MostConfirmations, _have.Count);
        Write("again", nodes: 1);
        Assert.Equal(WriteOutcome.Committed, _outcomes[^1]);
    }

    [Fact]
    public void A_write_waits_for_its_whole_time_and_then_names_who_has_it()
    {
        Write("k", nodes: 3, seconds: 5);
        Had(1, Asked()[0].Nonce, 1, (1, 1));
        _rig.Node.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Empty(_have);
        _rig.Node.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal([Lone.Id(1)], Assert.Single(_have));
    }

    [Fact]
    public void A_node_that_takes_the_write_for_granted_without_a_report_does_not_count()
    {
        Write("k", nodes: 1);
        _rig.Ask(1, 77, PullMode.Context, _rig.Replica.Context);
        _rig.Beat(1, "m", _rig.Protocol.Maps["m"].Heartbeat);
        Assert.Empty(_have);
    }

    [Fact]
    public void A_node_that_was_started_again_does_not_count_before_it_tells_anew()
    {
        Write("k", nodes: 2);
        var nonce = Asked()[0].Nonce;
        Had(1, nonce, opening: 5, (1, 1));
        Assert.Contains(Lone.At(1), AskedNodes());
        Had(1, nonce, opening: 6);
        Had(1, nonce, opening: 5, (1, 1));
        Had(2, nonce, opening: 1, (1, 1));
        Assert.Empty(_have);
        Had(1, nonce, opening: 6, (1, 1));
        Assert.Equal([Lone.Id(1), Lone.Id(2)], Assert.Single(_have).Order());
    }

    /// <summary>Each node that has told something is asked again; in a large network hundreds tell something.</summary>
    [Fact]
    public void Of_many_nodes_that_tell_what_they_have_only_some_are_asked_again()
    {
        Write("a");
        Write("b", nodes: 2);
        var nonce = Asked()[0].Nonce;
        for (var node = 1; node <= 60; node++)
        {
            Had(node, nonce, 1, (1, node % 2));
        }

        Assert.InRange(AskedNodes().Distinct().Count(), 2, 12);
        Had(61, nonce, 1, (1, 2));
        Assert.Contains(Lone.At(61), AskedNodes());
        Assert.Empty(_have);
        Had(62, nonce, 1, (1, 2));
        Assert.Equal([Lone.Id(61), Lone.Id(62)], Assert.Single(_have).Order());
    }

    [Fact]
    public void A_node_without_the_map_answers_that_it_has_nothing()
    {
        _rig.Send(1, MapFrame.Has, Question(new Dot(new EpochId(Lone.Id(1), 9), 1)));
        Assert.Equal(
            [1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0], Assert.Single(_rig.Sent(MapFrame.Had)).Body);
    }

    [Fact]
    public void A_report_that_is_cut_short_or_not_asked_for_is_counted()
    {
        Write("k", nodes: 1);
        var nonce = Asked()[0].Nonce;
        _rig.Send(1, MapFrame.Had, (ref WireWriter writer) => writer.WriteUInt64(nonce));
        Assert.Equal((1, 0), (_rig.Counters.Malformed, _rig.Counters.Strays));
        Had(1, nonce + 2, 1, (1, 1));
        Assert.Equal((1, 1), (_rig.Counters.Malformed, _rig.Counters.Strays));
        Assert.Empty(_have);
    }

    private static WireEncoding Question(Dot dot) => (ref WireWriter writer) =>
    {
        writer.WriteUInt64(0x0102030405060708);
        MapRig.WriteName(ref writer, "m");
        DotCodec.Write(ref writer, dot);
    };

    private void Write(string key, int nodes = 0, int seconds = 30) => _rig.Node.Core.Post(
        _rig.Node.Now, MapFrame.Protocol, new MapWriteCommand(
            "m", [MapChange.Set(MapNet.Path(key), RowKind.Register, new byte[] { 7 })], 5,
            (outcome, _) => _outcomes.Add(outcome),
            nodes == 0 ? null : new MapConfirm(nodes, TimeSpan.FromSeconds(seconds), _have.Add)));

    private void HandOver(TimeSpan limit) => _rig.Node.Core.Post(
        _rig.Node.Now, MapFrame.Protocol, new MapHandOverCommand(limit, _handedOver.Add));

    /// <summary>What is asked next.</summary>
    private List<(ulong Nonce, Dot Dot)> Asked()
    {
        _rig.Sent();
        _rig.Node.Advance(TimeSpan.FromMilliseconds(30));
        var asked = new List<(ulong, Dot)>();
        foreach (var frame in _rig.Sent(MapFrame.Has))
        {
            var reader = new WireReader(frame.Body);
            var nonce = reader.ReadUInt64();
            reader.ReadBytes(2);
            Assert.True(DotCodec.TryRead(ref reader, out Dot dot));
            asked.Add((nonce, dot));
        }

        return asked;
    }

    private List<NodeAddress> AskedNodes()
    {
        _rig.Sent();
        _rig.Node.Advance(TimeSpan.FromSeconds(1));
        return [.. _rig.Sent(MapFrame.Has).Select(static frame => frame.To)];
    }

    private void Had(int from, ulong nonce, ulong opening, params (int First, int Last)[] ranges) =>
        _rig.Send(from, MapFrame.Had, (ref WireWriter writer) =>
        {
            writer.WriteUInt64(nonce);
            writer.WriteUInt64(opening);
            ReportCodec.Write(ref writer, SequenceSet.TryCreate(
                [.. ranges.Where(static one => one.Last > 0)
                    .Select(static one => new SequenceRange((ulong)one.First, (ulong)one.Last))])!, 1);
        });
}
