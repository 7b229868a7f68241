using Hearsay.Protocols.Rumors;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Security.Origins;
using Hearsay.Protocols.Tests.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Rumors;

/// <summary>
/// Rumors of mode identity: node 1 begins them, node 3 is a member that forges, and node 2 hears what they tell.
/// </summary>
public sealed class SignedRumorTests
{
    private const int Origin = 1;
    private const int Reader = 2;
    private const int Liar = 3;
    private const int Other = 4;

    private static readonly RumorOptions s_push = new() { Mode = RumorMode.Push, Staggered = false };

    private readonly SignedContext _reader = Node(Reader);

    [Fact]
    public void A_rumor_of_somebody_never_met_is_heard_and_told_on_as_it_came()
    {
        var told = Told(Origin, "news"u8);
        _reader.Receive(Other, RumorMessage.Rumors, told);
        var heard = Assert.IsType<RumorHeard>(Assert.Single(_reader.Published));
        Assert.Equal((SignedContext.PeerOf(Origin).Id, 1u), (heard.Id.Origin, heard.Id.Sequence));
        Assert.Equal("news"u8.ToArray(), heard.Payload.ToArray());

        _reader.Advance(2 * s_push.CycleTime);
        var passedOn = _reader.Sent.First(static sent => sent.Type == RumorMessage.Rumors).Body;
        var next = Node(Other);
        next.Receive(Reader, RumorMessage.Rumors, passedOn);
        Assert.Equal("news"u8.ToArray(), Assert.IsType<RumorHeard>(Assert.Single(next.Published)).Payload.ToArray());
    }

    [Fact]
    public void Where_rumors_are_not_signed_a_member_speaks_for_another()
    {
        // The control: what the next tests refuse works in the other modes.
        var open = Node(Reader, isSigned: false);
        open.Receive(Liar, RumorMessage.Rumors, Frame(Origin, "lies"u8));
        var heard = Assert.IsType<RumorHeard>(Assert.Single(open.Published));
        Assert.Equal(SignedContext.PeerOf(Origin).Id, heard.Id.Origin);
    }

    [Fact]
    public void What_is_not_signed_or_signed_by_another_is_refused_and_takes_no_place()
    {
        byte[][] forgeries =
        [
            Frame(Origin, "lies"u8),
            Frame(Origin, [.. "lies"u8, .. new byte[OriginProof.FixedBytes]]),
            Frame(Origin, [.. "lies"u8, .. ProofBy(Liar, Origin, "lies"u8)]),
            Frame(Origin, [.. "lies"u8, .. ProofBy(Origin, Origin, "news"u8)]),
            Frame(Origin, [.. new byte[451], .. ProofBy(Origin, Origin, new byte[451])]),
        ];
        foreach (var forged in forgeries)
        {
            var reader = Node(Reader);
            reader.Receive(Liar, RumorMessage.Rumors, forged);
            Assert.Empty(reader.Published);
            Assert.Equal((1, 0), (CountersOf(reader).BadSignatures, ProtocolOf(reader).KnownCount));

            // The real rumor of the same number is heard.
            reader.Receive(Other, RumorMessage.Rumors, Told(Origin, "news"u8));
            Assert.Equal("news"u8.ToArray(), Assert.IsType<RumorHeard>(reader.Published[0]).Payload.ToArray());
        }
    }

    [Fact]
    public void Every_bit_of_what_names_a_rumor_and_of_its_text_and_proof_counts()
    {
        // Age and counter are told by whoever passes it on; the rest is signed, or makes it another length.
        var told = Told(Origin, "news"u8);
        var first = RumorMessage.RumorsHeadBytes;
        for (var bit = 8 * first; bit < 8 * told.Length; bit++)
        {
            if (bit / 8 - first is >= RumorMessage.SignedHeadBytes and < RumorMessage.EntryHeadBytes)
            {
                continue;
            }

            var changed = told.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var reader = Node(Reader);
            reader.Receive(Liar, RumorMessage.Rumors, changed);
            var counters = CountersOf(reader);
            Assert.True(
                reader.Published.Count == 0
                && counters.BadSignatures + counters.NotAdmitted + counters.SignedLongAgo + counters.Malformed == 1,
                $"bit {bit}");
        }
    }

    [Fact]
    public void A_flood_of_forgeries_costs_one_verification_a_minute_and_throttles_nobody_else()
    {
        var forged = Frame(Origin, [.. "lies"u8, .. ProofBy(Liar, Origin, "lies"u8)]);
        for (var i = 0; i < 1000; i++)
        {
            _reader.Receive(Liar, RumorMessage.Rumors, forged);
        }

        Assert.Equal((1, 999), (CountersOf(_reader).BadSignatures, CountersOf(_reader).FromShunned));
        Assert.True(_reader.Proofs!.Verified <= 1, $"{_reader.Proofs.Verified}");
        Assert.Equal(0, CountersOf(_reader).Throttled);
        _reader.Receive(Other, RumorMessage.Rumors, Told(Origin, "news"u8));
        Assert.Single(_reader.Published);

        // It is forgiven after a minute, as what a member does may have been a mistake.
        _reader.Advance(ShunnedPeers.Time + TimeSpan.FromSeconds(1));
        _reader.Receive(Liar, RumorMessage.Rumors, Told(Liar, "sorry"u8));
        Assert.Equal(2, _reader.Published.Count);
    }

    [Fact]
    public void A_rumor_that_was_kept_is_not_heard_again_while_its_signature_holds_nor_after_that()
    {
        var told = Told(Origin, "news"u8);
        _reader.Receive(Other, RumorMessage.Rumors, told);

        // Without identities it would be forgotten by now.
        _reader.Advance(TimeSpan.FromMinutes(59));
        _reader.Receive(Liar, RumorMessage.Rumors, told);
        Assert.Single(_reader.Published);
        Assert.Equal(1, CountersOf(_reader).Duplicates);

        _reader.Advance(TimeSpan.FromHours(2));
        _reader.Receive(Liar, RumorMessage.Rumors, told);
        Assert.Single(_reader.Published);
        Assert.Equal(1, CountersOf(_reader).SignedLongAgo);
    }

    [Fact]
    public void What_a_revoked_member_begins_is_refused_and_held_against_nobody()
    {
        var cluster = new SeededIdentities();
        var revocation = cluster.Revoke(SignedContext.PeerOf(Origin).Id, SeededIdentities.Epoch + 1);
        Assert.True(_reader.Security.Admission.TryRevoke(revocation.Bytes, SeededIdentities.Epoch, out _));
        _reader.Receive(Other, RumorMessage.Rumors, Told(Origin, "news"u8));
        _reader.Receive(Other, RumorMessage.Rumors, Told(Other, "mine"u8));
        Assert.Equal((1, 0), (CountersOf(_reader).NotAdmitted, CountersOf(_reader).FromShunned));
        Assert.Equal("mine"u8.ToArray(), Assert.IsType<RumorHeard>(Assert.Single(_reader.Published)).Payload.ToArray());
    }

    [Fact]
    public void A_member_cannot_keep_the_rumor_of_another_out_by_one_of_its_own_with_the_same_key()
    {
        // In the other modes the key can be solved for the incarnation, and 64 bits of that are free.
        var victim = new RumorId(SignedContext.PeerOf(Origin).Id, 1, 1);
        var own = SignedContext.PeerOf(Liar).Id;
        var ofOrigin = SeededRandom.Mix(own.High ^ SeededRandom.Mix(own.Low));
        var incarnation = Unmix(Unmix(victim.Key) ^ ofOrigin) - SeededRandom.Golden;
        var twin = new RumorId(own, incarnation, 1);
        Assert.Equal(victim.Key, twin.Key);

        var open = Node(Reader, isSigned: false);
        open.Receive(Liar, RumorMessage.Rumors, Frame(Liar, "lies"u8, incarnation));
        open.Receive(Other, RumorMessage.Rumors, Frame(Origin, "news"u8));
        Assert.Single(open.Published);

        var proof = ProofBy(Liar, Liar, "lies"u8, incarnation);
        _reader.Receive(Liar, RumorMessage.Rumors, Frame(Liar, [.. "lies"u8, .. proof], incarnation));
        _reader.Receive(Other, RumorMessage.Rumors, Told(Origin, "news"u8));
        Assert.Equal(2, _reader.Published.Count);
    }

    [Fact]
    public void The_longest_rumor_fits_a_datagram_with_the_longest_proof_and_a_longer_one_is_refused()
    {
        var keys = SeededIdentities.Keys(Origin);
        var cluster = new SeededIdentities();
        var renewer = SeededIdentities.Keys(9);
        var name = new byte[AdmissionToken.MaximumNameBytes];
        name.AsSpan().Fill((byte)'n');
        byte[] TokenOf(NodeKeys of, bool isRenewer, int days) => AdmissionToken.Make(
            SeededIdentities.Cipher, cluster.AdmissionSecret, cluster.Label, [.. of.Public, .. of.SigningPublic], name,
            (SeededIdentities.Epoch, SeededIdentities.Epoch + (days * SeededIdentities.Day)), isRenewer);
        Assert.True(AdmissionToken.TryRead(TokenOf(keys, false, 1), out var plain));
        var token = AdmissionToken.Extend(
            SeededIdentities.Cipher, plain, SeededIdentities.Epoch + (2 * SeededIdentities.Day), renewer,
            TokenOf(renewer, true, 30));
        Assert.Equal(AdmissionToken.LongestBytes, token.Length);

        var origin = new SignedContext(Origin, new RumorProtocol(new RumorOptions { Staggered = false }), token: token);
        origin.Command(new byte[RumorOptions.LargestSignedPayloadBytes + 1]);
        Assert.IsType<RumorRefused>(Assert.Single(origin.Published));
        origin.Command(new byte[RumorOptions.LargestSignedPayloadBytes]);
        origin.Advance(2 * s_push.CycleTime);
        var told = origin.Sent.First(static sent => sent.Type == RumorMessage.Rumors).Body;
        Assert.True(told.Length <= RumorMessage.MaximumBodyBytes, $"{told.Length}");
        _reader.Receive(Origin, RumorMessage.Rumors, told);
        Assert.Equal(
            RumorOptions.LargestSignedPayloadBytes,
            Assert.IsType<RumorHeard>(Assert.Single(_reader.Published)).Payload.Length);
    }

    private static SignedContext Node(int number, bool isSigned = true) =>
        new(number, new RumorProtocol(s_push), isSigned);

    private static RumorProtocol ProtocolOf(SignedContext node) => (RumorProtocol)node.Protocol;

    private static RumorCounters CountersOf(SignedContext node) => ProtocolOf(node).Counters;

    /// <summary>The first rumor of a node, as it tells it.</summary>
    private static byte[] Told(int by, ReadOnlySpan<byte> text)
    {
        var origin = Node(by);
        origin.Command(text.ToArray());
        origin.Advance(2 * s_push.CycleTime);
        return origin.Sent.First(static sent => sent.Type == RumorMessage.Rumors).Body;
    }

    /// <summary>What a member could tell: anything at all, as the first rumor of somebody.</summary>
    private static byte[] Frame(int origin, ReadOnlySpan<byte> whole, ulong incarnation = 1)
    {
        var writer = new WireWriter(new byte[RumorMessage.MaximumBodyBytes]);
        writer.WriteUInt64(7);
        writer.WriteByte(0);
        writer.WriteByte(1);
        writer.WriteNodeId(SignedContext.PeerOf(origin).Id);
        writer.WriteUInt64(incarnation);
        writer.WriteUInt32(1);
        writer.WriteUInt16(0);
        writer.WriteByte(1);
        writer.WriteUInt16((ushort)whole.Length);
        writer.WriteBytes(whole);
        return writer.Written.ToArray();
    }

    /// <summary>A proof that a member makes for what it says is the first rumor of somebody.</summary>
    private static byte[] ProofBy(int by, int origin, ReadOnlySpan<byte> text, ulong incarnation = 1)
    {
        var content = new WireWriter(new byte[1000]);
        content.WriteNodeId(SignedContext.PeerOf(origin).Id);
        content.WriteUInt64(incarnation);
        content.WriteUInt32(1);
        content.WriteBytes(text);
        var proofs = new OriginProofs(new SeededIdentities().Security(by));
        var proof = new byte[proofs.SizeBytes];
        proofs.Sign(RumorMessage.Purpose, content.Written, proof, Instant.Zero);
        return proof;
    }

    /// <summary>What <see cref="SeededRandom.Mix"/> makes a number of.</summary>
    private static ulong Unmix(ulong value)
    {
        value = Unshift(value, 31) * Inverse(0x94D049BB133111EB);
        value = Unshift(value, 27) * Inverse(0xBF58476D1CE4E5B9);
        return Unshift(value, 30);
    }

    private static ulong Unshift(ulong value, int shift)
    {
        var result = value;
        for (var known = shift; known < 64; known += shift)
        {
            result = value ^ (result >> shift);
        }

        return result;
    }

    /// <summary>By Newton's iteration, modulo 2^64.</summary>
    private static ulong Inverse(ulong odd)
    {
        var inverse = odd;
        for (var i = 0; i < 6; i++)
        {
            inverse *= 2 - (odd * inverse);
        }

        return inverse;
    }
}
