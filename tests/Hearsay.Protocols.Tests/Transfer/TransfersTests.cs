using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Tests.Transfer;

/// <summary>Transfers of a protocol that is not broadcast: no tree, no feeding, links of its own.</summary>
public sealed class TransfersTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_body_comes_whole_over_a_link_that_takes_little_at_a_time()
    {
        var net = new TransferNet();
        var (giver, taker) = (net.Add(), net.Add());
        TransferNet.Link(giver, taker);
        giver.Takes = 3;
        var data = Data(3_000_001);
        taker.Hear(7, giver.Hold(7, data), 0);
        net.Run(s_long, giver, taker);
        Assert.Equal(data, Assert.Single(taker.Whole));
        Assert.Equal((367L, 0L, 0), (giver.Counters.ChunksSent, taker.Counters.ChunksRefused, taker.GivenUp));
        Assert.True(giver.Counters.ChunksDelayed > 100);
    }

    [Fact]
    public void What_one_does_not_send_any_more_comes_from_another()
    {
        var net = new TransferNet();
        var (one, other, taker) = (net.Add(), net.Add(), net.Add());
        TransferNet.Link(one, taker);
        TransferNet.Link(other, taker);
        var data = Data(2_000_000);
        one.StopsAfter = 20;
        other.Hold(7, data);
        taker.Hear(7, one.Hold(7, data), 0, 1);
        net.Run(s_long, one, other, taker);
        Assert.Equal(data, Assert.Single(taker.Whole));
        Assert.Equal(20, one.Counters.ChunksSent);
        Assert.Equal(245 - 20, other.Counters.ChunksSent);
    }

    [Fact]
    public void Half_a_body_is_given_up_and_gives_its_room_back()
    {
        var net = new TransferNet();
        var (giver, taker) = (net.Add(), net.Add());
        TransferNet.Link(giver, taker);
        giver.StopsAfter = 40;
        var body = taker.Hear(7, giver.Hold(7, Data(1_000_000)), 0);
        net.Run(TimeSpan.FromSeconds(4), giver, taker);
        Assert.Equal((1, 123 - 40, 40 * 8192L), (taker.Transfers.Room.Count, body.Missing, taker.Transfers.Room.Bytes));
        net.Run(TimeSpan.FromSeconds(4), giver, taker);
        Assert.Equal((1L, 1, 0, 0L), (
            taker.Counters.GivenUp, taker.GivenUp, taker.Transfers.Room.Count, taker.Transfers.Room.Bytes));
        Assert.Empty(taker.Whole);
    }

    [Fact]
    public void A_wrong_chunk_is_refused_and_the_right_one_still_taken()
    {
        var net = new TransferNet();
        var (liar, giver, taker) = (net.Add(), net.Add(), net.Add());
        TransferNet.Link(liar, taker);
        TransferNet.Link(giver, taker);
        liar.Alter = static frame =>
        {
            frame[^1] ^= 1;
            return frame;
        };
        var data = Data(200_000);
        liar.Hold(7, data);
        taker.Hear(7, giver.Hold(7, data), 0, 1);
        net.Run(s_long, liar, giver, taker);
        Assert.Equal(data, Assert.Single(taker.Whole));
        Assert.True(taker.Counters.ChunksRefused > 0);
    }

    [Fact]
    public void Who_holds_nothing_says_so_and_is_not_asked_in_a_loop()
    {
        var net = new TransferNet();
        var (empty, taker) = (net.Add(), net.Add());
        TransferNet.Link(empty, taker);
        taker.Hear(7, TransferManifest.Make(Data(100_000), 8192), 0);
        net.Run(TimeSpan.FromSeconds(30), empty, taker);
        Assert.Equal((0, 1L, 0), (taker.Whole.Count, taker.Counters.GivenUp, empty.Answered));
    }

    [Fact]
    public void Bodies_beyond_the_places_take_those_of_which_nothing_came()
    {
        var net = new TransferNet();
        var taker = net.Add();
        var manifest = TransferManifest.Make(Data(100_000), 8192);
        for (var i = 0; i < 10; i++)
        {
            taker.Hear((UInt128)i, manifest);
        }

        Assert.Equal((4, 4, 6), (taker.Transfers.Room.Count, taker.Transfers.Room.Receiving, taker.GivenUp));
        Assert.False(taker.Transfers.Room.MakePlace((16 << 20) + 1));
    }

    [Fact]
    public void A_body_that_is_held_goes_when_its_time_is_over()
    {
        var net = new TransferNet();
        var giver = net.Add();
        giver.Hold(7, Data(100_000));
        net.Run(TransferNet.Options.Retention - TimeSpan.FromSeconds(5), giver);
        Assert.Equal((1, 100_000L), (giver.Transfers.Room.Count, giver.Transfers.Room.Bytes));
        net.Run(TimeSpan.FromSeconds(10), giver);
        Assert.Equal((0, 0L), (giver.Transfers.Room.Count, giver.Transfers.Room.Bytes));
        Assert.Equal(Instant.Never, giver.Transfers.NextDue);
    }

    [Fact]
    public void A_body_that_is_given_on_is_passed_on_chunk_by_chunk()
    {
        var net = new TransferNet();
        var (first, middle, last) = (net.Add(), net.Add(), net.Add());
        TransferNet.Link(first, middle);
        TransferNet.Link(middle, last);
        var data = Data(500_000);
        var manifest = first.Hold(7, data);
        middle.Hear(7, manifest, 0);
        var body = new TransferBody(7, manifest, net.Now, net.Now + s_long, earlier: 1);
        last.Transfers.Begin(body);
        last.Transfers.Await(body, -1, isFed: false, early: 0);
        net.Run(s_long / 2, first, middle, last);
        Assert.Equal(data, Assert.Single(last.Whole));
        Assert.Equal((62L, 62L), (first.Counters.ChunksSent, middle.Counters.ChunksSent));
    }

    private static byte[] Data(int bytes)
    {
        var data = new byte[bytes];
        new Random(bytes).NextBytes(data);
        return data;
    }
}
