using System.Buffers.Binary;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Transfer;
using static Hearsay.Protocols.Tests.Broadcast.BroadcastRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>How a node that leaves hands over what it published, frame by frame.</summary>
public sealed class BroadcastLeaveTests
{
    private const int Origin = 1;
    private readonly BroadcastRig _rig = new();
    private IReadOnlyList<BroadcastId>? _left;

    [Fact]
    public void Who_leaves_asks_every_neighbour_until_one_has_all()
    {
        _rig.Publish([1]);
        _rig.Publish([2]);
        Leave();
        Assert.All([1, 2, 3, 4], peer => Assert.Equal(Farewell(1, 2, again: 0), Farewells(peer).Single()));
        Assert.Null(_left);
        Lacks(1, 2);
        Assert.Null(_left);
        Lacks(2);
        Assert.Empty(_left!);
    }

    [Fact]
    public void What_neighbours_do_not_repair_is_handed_over_after_the_rest()
    {
        _rig.Publish([1]);
        Assert.Equal(PublishOutcome.Published, _rig.Protocol.TryPublish(default, [2], out var id, isRepaired: false));
        Leave(limit: 2);
        Assert.Equal(Farewell(1, 1, again: 0), Farewells(1).Single());
        Lacks(1);
        var asked = Farewells(1)[^1];
        Assert.NotEqual(Farewell(1, 1, again: 0), asked);
        Assert.Equal(Farewell(1, 1, again: 0)[25..], asked[25..]);
        Assert.Null(_left);
        _rig.Advance(2001);
        Assert.Equal([id], _left);
    }

    [Fact]
    public void Who_published_nothing_asks_nobody_and_is_done_at_once()
    {
        _rig.Push(1, Message(Origin, 1));
        Leave();
        Assert.Empty(_left!);
        Assert.Empty(Farewells(2));
    }

    [Fact]
    public void What_is_lacking_is_fetched_when_it_is_asked_for_again()
    {
        var other = new BroadcastRig(self: Origin);
        _rig.Publish([7]);
        Leave();
        Hear(other, Farewells(Origin).Single());
        Assert.Empty(other.Sent(0, BroadcastFrame.Fetch));
        _rig.Receive(Origin, BroadcastFrame.Lacking, other.Sent(0, BroadcastFrame.Lacking).Single());
        Assert.Null(_left);

        _rig.Advance(50);
        Hear(other, Farewells(Origin)[1]);
        _rig.Forget();
        _rig.Receive(Origin, BroadcastFrame.Fetch, other.Sent(0, BroadcastFrame.Fetch).Single());
        other.Push(0, _rig.Sent(Origin, BroadcastFrame.Message).Single());
        Assert.Equal([7], other.Delivered.Single().Payload);

        _rig.Advance(50);
        Hear(other, Farewells(Origin)[^1]);
        _rig.Receive(Origin, BroadcastFrame.Lacking, other.Sent(0, BroadcastFrame.Lacking)[^1]);
        Assert.Empty(_left!);
    }

    [Fact]
    public void A_node_alone_says_at_once_that_nobody_has_it()
    {
        RemoveAll();
        _rig.Publish([1]);
        Leave();
        Assert.Single(_left!);
    }

    [Fact]
    public void When_all_neighbours_are_gone_nobody_is_waited_for()
    {
        _rig.Publish([1]);
        Leave();
        RemoveAll();
        Assert.Equal([IdOf(_rig.Sent(1, BroadcastFrame.Message).Single())], _left);
    }

    [Fact]
    public void Who_leaves_too_counts_only_where_nobody_stays()
    {
        _rig.Publish([1]);
        Leave();
        Lacks(1, flags: 1);
        Assert.Null(_left);
        _rig.Receive(2, BroadcastFrame.Farewell, Farewell(9, 9, again: 0, source: 2));
        _rig.Neighbours.Remove(2);
        Assert.Null(_left);
        _rig.Receive(4, BroadcastFrame.Farewell, Farewell(9, 9, again: 0, source: 4));
        Assert.Empty(_left!);
    }

    [Fact]
    public void Where_nobody_answers_it_is_given_up_and_told()
    {
        _rig.Publish([1]);
        Leave();
        _rig.Advance(4990);
        Assert.Null(_left);
        _rig.Advance(20);
        Assert.Single(_left!);
    }

    [Fact]
    public void What_the_neighbour_with_most_of_it_lacks_is_told()
    {
        for (var i = 0; i < 5; i++)
        {
            _rig.Publish([(byte)i]);
        }

        Leave();
        Lacks(1, 1, 2, 3);
        Lacks(2, 2, 4);
        Lacks(3, 1, 2, 3, 4);
        _rig.Advance(20_000);
        var sent = _rig.Sent(1, BroadcastFrame.Message);
        Assert.Equal([IdOf(sent[1]), IdOf(sent[3])], _left);
    }

    [Fact]
    public void However_slowly_it_gets_on_there_is_an_end()
    {
        for (var i = 0; i < 20; i++)
        {
            _rig.Publish([(byte)i]);
        }

        Leave(limit: 10);
        for (var lacking = 19; lacking > 14; lacking--)
        {
            _rig.Advance(1900);
            Assert.Null(_left);
            Lacks(1, [.. Enumerable.Range(1, lacking)]);
        }

        _rig.Advance(600);
        Assert.Equal(15, _left!.Count);
    }

    [Fact]
    public void A_large_message_is_with_somebody_when_its_last_chunk_is()
    {
        var other = new BroadcastRig(o => o with { ChunkBytes = 10_000 }, self: 2);
        var manifest = Message(Origin, 3, TransferManifest.Make(new byte[20_000], 10_000), MessageFrame.Large);
        other.Push(1, manifest);
        other.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 0, .. new byte[10_000]]);
        other.Receive(1, BroadcastFrame.Farewell, Farewell(3, 3, again: 1, source: Origin));
        Assert.Equal(Lacking(Origin, 0, 3), other.Sent(1, BroadcastFrame.Lacking).Single());
        Assert.Empty(other.Sent(1, BroadcastFrame.Fetch));

        other.Receive(1, BroadcastFrame.Chunk, [.. Names(IdOf(manifest)), 0, 1, .. new byte[10_000]]);
        other.Receive(1, BroadcastFrame.Farewell, Farewell(3, 3, again: 1, source: Origin));
        Assert.Equal(Lacking(Origin, 0), other.Sent(1, BroadcastFrame.Lacking)[1]);
    }

    [Fact]
    public void As_long_as_chunks_are_fetched_it_gets_on()
    {
        _rig.Publish(new byte[2_000_000]);
        var id = IdOf(_rig.Sent(1, BroadcastFrame.Message).Single());
        Leave();
        for (byte i = 0; i < 8; i++)
        {
            _rig.Advance(2000);
            Assert.Null(_left);
            _rig.Receive(1, BroadcastFrame.WantChunks, [.. Names(id), 0, i]);
        }

        _rig.Advance(5100);
        Assert.Single(_left!);
    }

    [Fact]
    public void A_neighbour_that_comes_while_a_node_leaves_is_asked_too()
    {
        RemoveAll();
        _rig.Node.Push(9);
        _rig.Publish([1]);
        Leave();
        Assert.Null(_left);
        _rig.Advance(1000);
        _rig.Neighbours.Put(0, PeerOf(1), RoundTrip);
        Assert.Single(_rig.Sent(1, BroadcastFrame.Message));
        Assert.Single(Farewells(1));
        Lacks(1);
        Assert.Empty(_left!);
    }

    [Fact]
    public void Who_leaves_publishes_nothing_more()
    {
        Leave();
        PublishOutcome? outcome = null;
        _rig.Node.Core.Post(_rig.Node.Now, BroadcastFrame.Protocol, new PublishCommand(
            default, new byte[] { 1 }, (what, _) => outcome = what));
        Assert.Equal(PublishOutcome.Leaving, outcome);
    }

    [Fact]
    public void What_waited_for_the_links_goes_out_and_is_handed_over_too()
    {
        var (rig, outcomes) = Waiting(waiting: 5);
        Leave(rig, limit: 20);
        Assert.Empty(rig.Sent(1, BroadcastFrame.Farewell));
        rig.Silent.Clear();
        for (var i = 0; i < 20; i++)
        {
            rig.Advance(50);
        }

        var all = LinkCredit.FirstWindow + 5;
        Assert.Equal(all, outcomes.Count(outcome => outcome == PublishOutcome.Published));
        Assert.Equal(Farewell(1, (uint)all, again: 0), rig.Sent(1, BroadcastFrame.Farewell)[0]);
    }

    [Fact]
    public void What_the_links_do_not_take_before_the_node_leaves_is_refused_and_not_published_later()
    {
        var (rig, outcomes) = Waiting(waiting: 100);
        Leave(rig, limit: 4);
        for (var i = 0; i < 60; i++)
        {
            rig.Advance(50);
        }

        var published = outcomes.Count(outcome => outcome == PublishOutcome.Published);
        Assert.Equal(LinkCredit.FirstWindow + 100, outcomes.Count);
        Assert.Equal(outcomes.Count - published, outcomes.Count(outcome => outcome == PublishOutcome.Leaving));
        Assert.InRange(outcomes.Count - published, 50, 100);
        Assert.Equal(Farewell(1, (uint)published, again: 0), rig.Sent(1, BroadcastFrame.Farewell)[0]);
        Assert.Equal(published, rig.Counters.Published);
    }

    /// <summary>A node whose only neighbour takes nothing, and messages that wait for it.</summary>
    private static (BroadcastRig Rig, List<PublishOutcome> Outcomes) Waiting(int waiting)
    {
        var rig = new BroadcastRig(o => o with { NameCapacity = 600, Retention = 60 * Second }, neighbours: 1);
        rig.Silent.Add(1);
        var outcomes = new List<PublishOutcome>();
        for (var i = 0; i < LinkCredit.FirstWindow + waiting; i++)
        {
            rig.Node.Core.Post(rig.Node.Now, BroadcastFrame.Protocol, new PublishCommand(
                default, new byte[] { 1 }, (what, _) => outcomes.Add(what)));
        }

        Assert.Equal(waiting, rig.Protocol.PublishesWaiting);
        return (rig, outcomes);
    }

    [Fact]
    public void A_question_about_everything_is_answered_with_one_frame()
    {
        for (ulong i = 1; i <= 200; i++)
        {
            _rig.Push(1, Message(Origin, 2 * i));
        }

        _rig.Forget();
        _rig.Receive(1, BroadcastFrame.Farewell, Farewell(1, uint.MaxValue, again: 1, source: Origin));
        var answer = Assert.Single(_rig.Sent(1, BroadcastFrame.Lacking));
        Assert.Equal(2, answer[0]);
        Assert.InRange(answer.Length, 1100, BroadcastFrame.MaximumBodyBytes);
        Assert.Single(_rig.Sent(1, BroadcastFrame.Fetch));
    }

    [Fact]
    public void An_answer_with_more_behind_it_never_says_that_all_is_there()
    {
        _rig.Publish([1]);
        Leave();
        Lacks(1, flags: 2);
        Assert.Null(_left);
        foreach (var junk in new byte[][] { [], [0], [.. Lacking(0, 0), 1], [.. Lacking(5, 0)] })
        {
            _rig.Receive(2, BroadcastFrame.Lacking, junk);
        }

        Assert.Null(_left);
    }

    private void Leave(int limit = 20) => Leave(_rig, limit);

    private void Leave(BroadcastRig rig, int limit) => rig.Node.Core.Post(
        rig.Node.Now, BroadcastFrame.Protocol,
        new HandOverCommand(TimeSpan.FromSeconds(limit), names => _left = names));

    private void RemoveAll()
    {
        for (var slot = 0; slot < 4; slot++)
        {
            _rig.Neighbours.Remove(slot);
        }
    }

    private List<byte[]> Farewells(int to) => _rig.Sent(to, BroadcastFrame.Farewell);

    private static void Hear(BroadcastRig other, byte[] farewell) =>
        other.Receive(0, BroadcastFrame.Farewell, farewell);

    private void Lacks(int from, params int[] sequences) => Lacks(from, 0, sequences);

    private void Lacks(int from, byte flags, params int[] sequences) =>
        _rig.Receive(from, BroadcastFrame.Lacking, Lacking(0, flags, sequences));

    private static byte[] Lacking(int source, byte flags, params int[] sequences) =>
        [flags, .. SourceBody(source), .. sequences.SelectMany(one => Range((ulong)one, 1))];

    private static byte[] Farewell(ulong first, ulong last, byte again, int source = 0) =>
        [again, .. SourceBody(source), .. Range(first, last - first + 1)];

    private static byte[] Range(ulong first, ulong count)
    {
        var range = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(range, first);
        BinaryPrimitives.WriteUInt32BigEndian(range.AsSpan(8), (uint)(count - 1));
        return range;
    }
}
