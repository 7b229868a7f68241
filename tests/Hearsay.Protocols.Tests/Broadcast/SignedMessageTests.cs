using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;
using Hearsay.Tests;
using static Hearsay.Protocols.Tests.Broadcast.SignedRig;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>
/// Messages of mode identity: node 1 publishes, node 3 is a member that forges, and node 2 takes what they send.
/// </summary>
public sealed class SignedMessageTests
{
    private const int Publisher = 1;
    private const int Reader = 2;
    private const int Liar = 3;
    private const int Other = 4;

    private readonly SignedRig _reader = new(Reader);

    [Fact]
    public void A_message_of_somebody_never_met_is_handed_over_and_passed_on_as_it_came()
    {
        var message = Published(Publisher, "one"u8.ToArray());
        _reader.Push(Other, message);
        var (origin, sequence, payload) = Assert.Single(_reader.Delivered);
        Assert.Equal((PeerOf(Publisher).Id, 1UL, "one"), (origin, sequence, Text(payload)));
        var passedOn = _reader.Sent.First(sent => sent.Type == BroadcastFrame.Message).Body;
        Assert.Equal(message[MessageFrame.ChangingBytes..], passedOn[MessageFrame.ChangingBytes..]);

        var next = new SignedRig(Other);
        next.Push(Reader, passedOn);
        Assert.Equal("one", Text(Assert.Single(next.Delivered).Payload));
        Assert.Equal(0, _reader.Counters.BadSignatures + next.Counters.BadSignatures);
    }

    [Fact]
    public void Where_messages_are_not_signed_a_member_speaks_for_another()
    {
        // The control: what the next tests refuse works in the other modes.
        var open = new SignedRig(Reader, isSigned: false);
        open.Push(Liar, Forged("lies"));
        Assert.Equal((PeerOf(Publisher).Id, "lies"), (open.Delivered[0].Origin, Text(open.Delivered[0].Payload)));
    }

    [Fact]
    public void The_signed_message_of_the_page_is_what_a_node_sends_and_what_another_takes()
    {
        var documented = DocumentedHex.Of("broadcast.md", "signed")[BroadcastFrame.LinkBytes..];
        DocumentedHex.AssertSame(documented, Published(Publisher, "one"u8.ToArray()));
        _reader.Push(Publisher, documented);
        Assert.Equal("one", Text(Assert.Single(_reader.Delivered).Payload));
    }

    [Fact]
    public void What_is_not_signed_or_signed_by_another_is_refused_and_leaves_nothing_behind()
    {
        byte[][] forgeries =
        [
            Forged("lies"),
            Signed(Forged("lies", MessageFrame.Signed), by: Liar),
            [.. Forged("lies", MessageFrame.Signed), .. new byte[OriginProof.FixedBytes]],
        ];
        foreach (var forged in forgeries)
        {
            var reader = new SignedRig(Reader);
            reader.Push(Liar, forged);
            Assert.Equal((1, 0), (reader.Counters.BadSignatures, reader.Delivered.Count));
            Assert.Null(reader.Protocol.Sources.Find(Key(Publisher)));
            Assert.Equal((0, 0L), (reader.Protocol.Store.Count, reader.Protocol.Store.Bytes));
            Assert.DoesNotContain(reader.Sent, sent => sent.Type == BroadcastFrame.Message);

            // The real message of the same number is taken, and it is the first of its source.
            reader.Push(Other, Published(Publisher, "one"u8.ToArray()));
            Assert.Equal("one", Text(Assert.Single(reader.Delivered).Payload));
        }
    }

    [Fact]
    public void In_the_other_modes_a_signed_message_is_no_message()
    {
        var open = new SignedRig(Reader, isSigned: false);
        open.Push(Liar, Published(Liar, "one"u8.ToArray()));
        Assert.Equal((1, 0), (open.Counters.Malformed, open.Delivered.Count));
    }

    [Fact]
    public void In_the_other_modes_nothing_of_a_message_is_different()
    {
        var publisher = new SignedRig(Publisher, isSigned: false);
        publisher.Publish("one"u8.ToArray());
        var message = publisher.Messages.Single();
        var expected = new byte[MessageFrame.HeaderBytes + 4 + 3];
        MessageFrame.Write(expected, Key(Publisher), 1, 0, "news"u8, "one"u8);
        Assert.Equal(expected[MessageFrame.ChangingBytes..], message[MessageFrame.ChangingBytes..]);
    }

    [Fact]
    public void Every_bit_of_a_message_that_is_changed_in_passing_makes_it_refused()
    {
        var message = Published(Publisher, "one"u8.ToArray());
        for (var bit = 8 * MessageFrame.ChangingBytes; bit < 8 * message.Length; bit++)
        {
            var changed = message.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var reader = new SignedRig(Reader);
            reader.Push(Liar, changed);
            Assert.True(
                reader.Delivered.Count == 0
                && reader.Counters is { BadSignatures: 1 } or { Malformed: 1 } or { NotAdmitted: 1 }
                    or { SignedLongAgo: 1 },
                $"bit {bit}");
        }
    }

    [Fact]
    public void Who_passes_a_forgery_on_is_no_neighbour_any_more_and_a_flood_costs_one_verification()
    {
        var message = Published(Publisher, "one"u8.ToArray());
        for (var i = 0; i < 1000; i++)
        {
            var changed = message.ToArray();
            changed[MessageFrame.HeaderBytes + 4] = (byte)i;
            changed[MessageFrame.HeaderBytes + 5] = (byte)(i >> 8);
            _reader.Push(Liar, changed);
        }

        Assert.Equal((1, 999), (_reader.Counters.BadSignatures, _reader.Counters.FromShunned));
        Assert.Equal(1, _reader.Proofs!.Verified);
        Assert.Equal(-1, _reader.Neighbours.Find(PeerOf(Liar).Id));

        // Nor does it speak for itself meanwhile, but others pass on what it publishes.
        var own = Published(Liar, "mine"u8.ToArray());
        _reader.Push(Liar, own);
        Assert.Empty(_reader.Delivered);
        _reader.Push(Other, own);
        _reader.Push(Publisher, message);
        Assert.Equal(["mine", "one"], _reader.Delivered.Select(one => Text(one.Payload)));
    }

    [Fact]
    public void A_neighbour_that_floods_with_what_it_signed_itself_costs_half_of_a_core()
    {
        // One after the other in the same moment; a burst is a second's worth.
        _reader.OnlyCounts = true;
        foreach (var frame in OwnOf(Liar, 10_500))
        {
            _reader.Receive(PeerOf(Liar), BroadcastFrame.Message, frame);
        }

        Assert.Equal((10_000, 500), (_reader.Proofs!.Verified, _reader.Counters.RateLimited));
    }

    [Fact]
    public void A_message_that_was_kept_is_refused_by_who_has_restarted_once_it_is_an_hour_older_than_it_may_be()
    {
        var old = Published(Publisher, "one"u8.ToArray());
        var late = SeededIdentities.Epoch + 3600 + 60;
        Assert.Single(Restarted(late).Delivered);
        var reader = Restarted(late + 1);
        Assert.Equal((0, 1), (reader.Delivered.Count, reader.Counters.SignedLongAgo));

        // An honest node whose clock is behind passes it on, so it is not held against who does.
        Assert.NotEqual(-1, reader.Neighbours.Find(PeerOf(Liar).Id));

        SignedRig Restarted(long seconds)
        {
            var restarted = new SignedRig(Reader, wall: _ => seconds);
            restarted.Push(Liar, old);
            return restarted;
        }
    }

    [Fact]
    public void A_message_that_was_kept_is_refused_by_who_was_there_as_soon_as_its_name_is_forgotten()
    {
        var old = Published(Publisher, "one"u8.ToArray());
        _reader.Push(Other, old);
        _reader.Now += TimeSpan.FromMinutes(3);
        _reader.Push(Other, Published(Publisher, "two"u8.ToArray(), before: 1));
        _reader.Push(Liar, old);
        Assert.Equal((2, 1), (_reader.Delivered.Count, _reader.Counters.Replayed));
    }

    [Fact]
    public void A_publisher_that_is_revoked_is_not_heard_and_who_did_not_know_is_not_blamed()
    {
        var message = Published(Publisher, "one"u8.ToArray());
        Assert.True(_reader.Security.Admission.TryRevoke(
            new SeededIdentities().Revoke(PeerOf(Publisher).Id).Bytes, SeededIdentities.Epoch, out _));
        _reader.Push(Other, message);
        Assert.Equal((0, 1), (_reader.Delivered.Count, _reader.Counters.NotAdmitted));
        Assert.NotEqual(-1, _reader.Neighbours.Find(PeerOf(Other).Id));
    }

    [Fact]
    public void Of_a_large_message_the_manifest_is_signed_and_proves_its_chunks()
    {
        var payload = new byte[20_000];
        new Random(1).NextBytes(payload);
        var publisher = new SignedRig(Publisher);
        publisher.Publish(payload);
        var manifest = publisher.Messages.Single();

        // A manifest with another hash.
        var forged = manifest.ToArray();
        forged[MessageFrame.HeaderBytes + 4 + 8] ^= 1;
        _reader.Push(Liar, forged);
        Assert.Equal((1, 0), (_reader.Counters.BadSignatures, _reader.Protocol.LargeCount));

        _reader.Push(Publisher, manifest);
        Assert.Equal(1, _reader.Protocol.LargeCount);
        var wanted = _reader.Sent.Where(sent => sent.Type == BroadcastFrame.WantChunks).ToArray();
        foreach (var (_, _, body) in wanted)
        {
            publisher.Receive(Reader, BroadcastFrame.WantChunks, body);
        }

        var chunks = publisher.Sent
            .Where(sent => sent.Type == BroadcastFrame.Chunk && sent.To == PeerOf(Reader).Id).ToArray();
        Assert.Equal(3, chunks.Length);
        var changed = chunks[0].Body.ToArray();
        changed[^1] ^= 1;
        _reader.Receive(Publisher, BroadcastFrame.Chunk, changed);
        foreach (var (_, _, body) in chunks.Skip(1))
        {
            _reader.Receive(Publisher, BroadcastFrame.Chunk, body);
        }

        Assert.Empty(_reader.Delivered);
        _reader.Receive(Publisher, BroadcastFrame.Chunk, chunks[0].Body);
        Assert.Equal(payload, Assert.Single(_reader.Delivered).Payload);
    }

    [Fact]
    public void A_large_message_that_never_comes_is_told_of_by_its_number()
    {
        var publisher = new SignedRig(Publisher);
        publisher.Publish(new byte[20_000]);
        Assert.True(MessageFrame.TryRead(publisher.Messages.Single(), out var frame));
        var lost = new Protocols.Broadcast.Large.LostLarge(default, frame, 0, Instant.Zero, hadChunks: false);
        lost.Tell(_reader, Instant.Zero);
        Assert.Equal((PeerOf(Publisher).Id, 1UL), Assert.Single(_reader.Lost));
    }

    [Fact]
    public void To_verify_and_pass_on_messages_of_a_known_publisher_allocates_nothing()
    {
        // The memory is full, and going round, after two minutes of a message a second.
        var frames = OwnOf(Publisher, 800).ToArray();
        var (peer, next) = (PeerOf(Publisher), 0);
        _reader.OnlyCounts = true;
        void ReadOn(int count)
        {
            for (var end = next + count; next < end; next++)
            {
                _reader.Now += TimeSpan.FromSeconds(1);
                _reader.Receive(peer, BroadcastFrame.Message, frames[next]);
                _reader.Answer();
            }
        }

        ReadOn(500);
        Assert.Equal(0, SteadyState.Bytes(() => ReadOn(100)));
        Assert.Equal(next, _reader.Proofs!.Verified);
        Assert.True(_reader.Count >= 2 * next, $"{_reader.Count} frames were sent.");
    }

    /// <summary>The first messages that a node publishes, as they come over its link with the reader.</summary>
    private IEnumerable<byte[]> OwnOf(int by, int count)
    {
        var publisher = new SignedRig(by);
        var message = new byte[MessageFrame.HeaderBytes + 4 + 200];
        var proof = new byte[publisher.Proofs!.SizeBytes];
        for (var i = 1; i <= count; i++)
        {
            MessageFrame.Write(message, Key(by), (ulong)i, MessageFrame.Signed, "news"u8, new byte[200]);
            publisher.Proofs.Sign(
                MessageFrame.Purpose, message.AsSpan(MessageFrame.ChangingBytes), proof, Instant.Zero);
            yield return [.. LinkOf(_reader, by), .. message, .. proof];
        }
    }

    private static byte[] LinkOf(SignedRig rig, int peer)
    {
        var bytes = new byte[BroadcastFrame.LinkBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(
            bytes, rig.Neighbours.LinkNumber(rig.Neighbours.Find(PeerOf(peer).Id)));
        return bytes;
    }

    /// <summary>A message of the publisher that it did not publish.</summary>
    private static byte[] Forged(string text, byte kind = 0)
    {
        var payload = System.Text.Encoding.UTF8.GetBytes(text);
        var body = new byte[MessageFrame.HeaderBytes + 4 + payload.Length];
        MessageFrame.Write(body, Key(Publisher), 1, kind, "news"u8, payload);
        return body;
    }

    private static byte[] Signed(byte[] message, int by)
    {
        var proofs = new OriginProofs(new SeededIdentities().Security(by));
        var proof = new byte[proofs.SizeBytes];
        proofs.Sign(MessageFrame.Purpose, message.AsSpan(MessageFrame.ChangingBytes), proof, Instant.Zero);
        return [.. message, .. proof];
    }

    private static string Text(byte[] payload) => System.Text.Encoding.UTF8.GetString(payload);
}
