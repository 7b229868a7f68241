using Hearsay.Protocols.Security.Identity;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Security.Identity;

/// <summary>The handshake against a public test vector in the cacophony format, and what breaks it.</summary>
public sealed class NoiseHandshakeTests
{
    private static readonly byte[] s_prologue = Hex("4a6f686e2047616c74");

    private readonly NodeKeys _initiator = new(
        SeededIdentities.Cipher, Hex("e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1"), []);

    private readonly NodeKeys _responder = new(
        SeededIdentities.Cipher, Hex("4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893"), []);

    private readonly byte[] _ephemeral = Hex("893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a");
    private readonly byte[] _other = Hex("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b");

    [Fact]
    public void It_agrees_with_the_public_vector_byte_by_byte()
    {
        Assert.Equal(Hex("31e0303fd6418d2f8c0e78b91f22e8caed0fbe48656dcf4767e4834f701b8f62"), _responder.Public);
        var (payload, second) = (Hex("4c756477696720766f6e204d69736573"), Hex("4d757272617920526f746862617264"));
        var (initiator, responder) = (Initiator(), Responder());
        var first = new byte[payload.Length + NoiseHandshake.FirstOverheadBytes];
        Assert.True(initiator.TryWriteFirst(payload, first));
        Assert.Equal(
            Hex("ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944718da798efbcd91528520204f904b9bd"
                + "6c7413dccdc214d951e15253e39987f18146e8cd0873654207148333479d4d16c289f0294b29960a72f48e0b7bba2e"
                + "89083169825e59642148d492020664ccf7"),
            first);
        var heard = new byte[payload.Length];
        Assert.True(responder.TryReadStatic(first));
        Assert.Equal(_initiator.Public, responder.Remote);
        Assert.True(responder.TryReadFirst(first, heard));
        Assert.Equal(payload, heard);

        var answer = new byte[second.Length + NoiseHandshake.SecondOverheadBytes];
        Assert.True(responder.TryWriteSecond(second, answer));
        Assert.Equal(
            Hex("95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f1448088435361e70b2ed446e6c9ec387d1d6b3b84"
                + "0f194e373979d241b203c4acafccf5"),
            answer);
        heard = new byte[second.Length];
        Assert.True(initiator.TryReadSecond(answer, heard));
        Assert.Equal(second, heard);
        Assert.Equal(Hex("0b0f68fb0c27e03ce9b97565995ed4838cc0581b762ef72b062f6a546419fad7"), initiator.Hash);
        Assert.Equal(initiator.Hash, responder.Hash);

        var (sends, receives, itsSends, itsReceives) = (new byte[32], new byte[32], new byte[32], new byte[32]);
        initiator.Split(sends, receives);
        responder.Split(itsSends, itsReceives);
        Assert.Equal(sends, itsReceives);
        Assert.Equal(receives, itsSends);
        Transport(sends, 0, "462e20412e20486179656b", "050e9f3c8fac16b68dbce8f8c4bfbf6617c897f9ada4aa29aa19c8");
        Transport(receives, 0, "4361726c204d656e676572", "344233a6cabb7141d80f3da2fedc311d9646bbb0f505afe403a667");
        Transport(
            sends, 1, "4a65616e2d426170746973746520536179",
            "62cdeeb172ad7ade7aa7d9e069da5790f12331bfa00177787a1d0810c67dc3b2b4");
        Transport(
            receives, 1, "457567656e2042f6686d20766f6e2042617765726b",
            "029bead1b40992327044d409d9a1f3ad8f36c3c452775d557e18bbeb2e8dfcead32d514024");
    }

    [Fact]
    public void Every_bit_of_message_1_counts()
    {
        var first = new byte[8 + NoiseHandshake.FirstOverheadBytes];
        Assert.True(Initiator().TryWriteFirst(new byte[8], first));
        for (var bit = 0; bit < 8 * first.Length; bit++)
        {
            first[bit / 8] ^= (byte)(1 << (bit % 8));
            var responder = Responder();
            var isRead = responder.TryReadStatic(first) && responder.TryReadFirst(first, new byte[8]);

            // The highest bit of a key of X25519 has no meaning; it is hashed all the same.
            Assert.False(isRead, $"bit {bit}");
            first[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        var honest = Responder();
        Assert.True(honest.TryReadStatic(first) && honest.TryReadFirst(first, new byte[8]));
    }

    [Fact]
    public void Every_bit_of_message_2_counts()
    {
        for (var bit = 0; bit < 8 * (8 + NoiseHandshake.SecondOverheadBytes); bit++)
        {
            var (initiator, answer) = Answered();
            answer[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(initiator.TryReadSecond(answer, new byte[8]), $"bit {bit}");
        }

        var (honest, fine) = Answered();
        Assert.True(honest.TryReadSecond(fine, new byte[8]));
    }

    [Fact]
    public void Another_prologue_another_key_or_a_key_without_a_secret_is_refused()
    {
        var first = new byte[8 + NoiseHandshake.FirstOverheadBytes];
        Assert.True(Initiator().TryWriteFirst(new byte[8], first));
        var ofOther = NoiseHandshake.Respond(SeededIdentities.Cipher, _responder, [1], _other);
        Assert.False(ofOther.TryReadStatic(first));
        var another = NoiseHandshake.Respond(SeededIdentities.Cipher, SeededIdentities.Keys(1), s_prologue, _other);
        Assert.False(another.TryReadStatic(first));

        first.AsSpan(0, 32).Clear();
        Assert.False(Responder().TryReadStatic(first));
        var toNobody = NoiseHandshake.Initiate(
            SeededIdentities.Cipher, _initiator, new byte[32], s_prologue, _ephemeral);
        Assert.False(toNobody.TryWriteFirst(new byte[8], first));
        for (var length = 0; length < NoiseHandshake.FirstOverheadBytes; length++)
        {
            Assert.False(Responder().TryReadStatic(first.AsSpan(0, length)));
        }
    }

    [Fact]
    public void What_two_static_keys_have_in_common_is_computed_once_and_makes_the_same_messages()
    {
        var (one, other) = (Initiator(), Initiator());
        var (first, again) = (
            new byte[8 + NoiseHandshake.FirstOverheadBytes], new byte[8 + NoiseHandshake.FirstOverheadBytes]);
        Assert.Null(one.Shared);
        Assert.True(one.TryWriteFirst(new byte[8], first));
        Assert.NotNull(one.Shared);
        other.Shared = one.Shared;
        Assert.True(other.TryWriteFirst(new byte[8], again));
        Assert.Equal(first, again);

        var responder = Responder();
        Assert.True(responder.TryReadStatic(first));
        responder.Shared = one.Shared;
        Assert.True(responder.TryReadFirst(first, new byte[8]));
        var another = Responder();
        Assert.True(another.TryReadStatic(first));
        another.Shared = new byte[32];
        Assert.False(another.TryReadFirst(first, new byte[8]));
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);

    private static void Transport(byte[] key, ulong number, string text, string closed)
    {
        var (bytes, tag) = (Hex(text), new byte[16]);
        SeededIdentities.Cipher.Seal(key, number, [], bytes, tag);
        byte[] both = [.. bytes, .. tag];
        Assert.Equal(Hex(closed), both);
    }

    private NoiseHandshake Initiator() => NoiseHandshake.Initiate(
        SeededIdentities.Cipher, _initiator, _responder.Public, s_prologue, _ephemeral);

    private NoiseHandshake Responder() =>
        NoiseHandshake.Respond(SeededIdentities.Cipher, _responder, s_prologue, _other);

    private (NoiseHandshake Initiator, byte[] Answer) Answered()
    {
        var (initiator, responder) = (Initiator(), Responder());
        var (first, answer) = (
            new byte[8 + NoiseHandshake.FirstOverheadBytes], new byte[8 + NoiseHandshake.SecondOverheadBytes]);
        Assert.True(initiator.TryWriteFirst(new byte[8], first));
        Assert.True(responder.TryReadStatic(first) && responder.TryReadFirst(first, new byte[8]));
        Assert.True(responder.TryWriteSecond(new byte[8], answer));
        return (initiator, answer);
    }
}
