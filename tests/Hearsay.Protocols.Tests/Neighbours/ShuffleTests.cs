using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>How spare peers are mixed, rule by rule.</summary>
public sealed class ShuffleTests
{
    private readonly Machine _node = new(new NeighbourOptions { PassiveSize = 6 });

    [Fact]
    public void A_shuffle_names_the_node_some_neighbours_and_some_spare_peers()
    {
        _node.Fill();
        _node.Know(11, 12, 13, 14, 15);
        var shuffle = NextShuffle();
        var (hops, origin, peers) = Read(shuffle.Body);
        Assert.Equal(6, hops);
        Assert.Equal(0, origin);
        Assert.InRange(shuffle.Number, 1, 5);
        Assert.Equal(3, peers.Count(p => p is >= 1 and <= 5 && p != shuffle.Number));
        Assert.Equal(4, peers.Count(p => p > 5));
        Assert.Equal(7, peers.Distinct().Count());
    }

    [Fact]
    public void A_shuffle_walks_on_to_a_neighbour_that_is_neither_its_sender_nor_its_origin()
    {
        _node.Fill(3);
        _node.Shuffle(1, origin: 2, hops: 4, 21, 22);
        var frame = Assert.Single(_node.Sent(NeighbourMessage.Shuffle));
        Assert.Equal(3, frame.Number);
        var (hops, origin, peers) = Read(frame.Body);
        Assert.Equal((3, 2), (hops, origin));
        Assert.Equal([21, 22], peers);
        Assert.False(_node.HasSpare(21));
    }

    [Fact]
    public void Where_a_shuffle_ends_as_many_spare_peers_go_back_as_came()
    {
        _node.Fill(2);
        _node.Know(11, 12, 13, 14, 15);
        _node.Shuffle(1, origin: 30, hops: 1, 21, 22);
        var reply = Assert.Single(_node.Sent(NeighbourMessage.ShuffleReply));
        Assert.Equal(30, reply.Number);
        // The origin itself came too.
        Assert.Equal(3, reply.Body[8]);
        var sent = Peers(reply.Body.AsSpan(8));
        Assert.All(sent, number => Assert.False(_node.HasSpare(number)));
        AssertSpare(21, 22, 30);
        Assert.Equal(6, _node.Protocol.SpareCount);
    }

    [Fact]
    public void A_node_with_nobody_left_to_forward_to_answers_a_shuffle()
    {
        _node.Fill(1);
        _node.Shuffle(1, origin: 30, hops: 6, 21);
        Assert.Equal(30, Assert.Single(_node.Sent(NeighbourMessage.ShuffleReply)).Number);
        Assert.True(_node.HasSpare(21));
    }

    [Fact]
    public void The_answer_to_a_shuffle_takes_the_place_of_what_was_sent()
    {
        _node.Fill();
        _node.Know(11, 12, 13, 14, 15);
        var shuffle = NextShuffle();
        var sent = Read(shuffle.Body).Peers.Where(p => p > 5).ToArray();
        var kept = Enumerable.Range(11, 5).Append(200).Except(sent).ToArray();
        var nonce = new WireReader(shuffle.Body.AsSpan(9)).ReadUInt64();
        _node.Send(30, NeighbourMessage.ShuffleReply, b => b.UInt64(nonce).Byte(4).Entries(
            Lone.Of(41), Lone.Of(42), Lone.Of(43), Lone.Of(44)));
        AssertSpare(kept);
        AssertSpare(41, 42, 43, 44);
        Assert.All(sent, number => Assert.False(_node.HasSpare(number)));
    }

    [Fact]
    public void The_node_itself_and_its_neighbours_are_no_spare_peers_and_nobody_is_one_twice()
    {
        _node.Fill(3);
        _node.Shuffle(1, origin: 30, hops: 1, 0, 2, 21, 21, 3);
        Assert.Equal(2, _node.Protocol.SpareCount);
        Assert.True(_node.HasSpare(21));
        Assert.True(_node.HasSpare(30));
    }

    [Fact]
    public void An_answer_that_was_not_asked_for_or_comes_again_changes_nothing()
    {
        _node.Fill(3);
        var nonce = new WireReader(NextShuffle().Body.AsSpan(9)).ReadUInt64();
        void Reply(ulong to, int peer) => _node.Send(
            30, NeighbourMessage.ShuffleReply, b => b.UInt64(to).Byte(1).Entries(Lone.Of(peer)));
        Reply(nonce + 1, 41);
        Reply(0, 42);
        Reply(nonce, 43);
        Reply(nonce, 44);
        Assert.Equal([false, false, true, false], Enumerable.Range(41, 4).Select(_node.HasSpare));
        Assert.Equal(3, _node.Counters.Unexpected);
    }

    [Fact]
    public void A_shuffle_over_a_link_that_is_not_there_is_not_used()
    {
        _node.Fill(2);
        _node.Send(9, NeighbourMessage.Shuffle, b => b.UInt64(1).Byte(1).UInt64(5).Entries(Lone.Of(30)).Byte(0));
        Assert.Equal(0, _node.Protocol.SpareCount);
        Assert.Equal(NeighbourMessage.Disconnect, Assert.Single(_node.Sent()).Type);
    }

    private void AssertSpare(params int[] peers) =>
        Assert.All(peers, number => Assert.True(_node.HasSpare(number)));

    private Machine.Frame NextShuffle()
    {
        while (true)
        {
            _node.Advance(TimeSpan.FromMilliseconds(500));
            for (var slot = 0; slot < 5; slot++)
            {
                _node.Heard(slot);
            }

            if (_node.Sent(NeighbourMessage.Shuffle).SingleOrDefault() is { } frame)
            {
                return frame;
            }
        }
    }

    private static (int Hops, int Origin, int[] Peers) Read(byte[] body)
    {
        var reader = new WireReader(body.AsSpan(8));
        var hops = reader.ReadByte();
        reader.ReadUInt64();
        Assert.True(NeighbourMessage.TryRead(ref reader, out var origin));
        return (hops, (int)origin.Id.Low - 1, Peers(reader.Rest));
    }

    private static int[] Peers(ReadOnlySpan<byte> list)
    {
        var reader = new WireReader(list);
        var peers = new int[reader.ReadByte()];
        for (var i = 0; i < peers.Length; i++)
        {
            Assert.True(NeighbourMessage.TryRead(ref reader, out var peer));
            peers[i] = (int)peer.Id.Low - 1;
        }

        return peers;
    }
}
