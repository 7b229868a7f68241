using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hearsay.Protocols.Security;
using Hearsay.Protocols.Security.Identity;
using Hearsay.Protocols.Tests.Security.Identity;
using Hearsay.Protocols.Wire;
using Hearsay.Security;
using Hearsay.Tests;
using OpenPacket = Hearsay.Protocols.Wire.Envelope;

namespace Hearsay.Protocols.Tests.Security;

/// <summary>
/// What is on the wire in modes key and identity, opened as docs/wire-format.md says and with the base library, so that
/// another implementation could do the same.
/// </summary>
public sealed class PacketBytesTests
{
    /// <summary>A record of the build before this cipher, of the same key, to the same node.</summary>
    private const string RecordBefore =
        "48010001FDA7F81344839A191FFEEB6B2E80916DC50D000000016419E2B841607E7CF5C4E9B2004D773359917FC5F471"
        + "04AD639B6444DE657C0BCC06526CB367CFF63BC6E1A1DACA75CF2417259F878C30875F529F03842CFE99E7E2";

    /// <summary>A hello of the build before this cipher, of the same cluster, to the same node.</summary>
    private const string HelloBefore =
        "4801003105D5C061998D388E9F75F6E2AA659452C227DB755E583074CE57D86A612EC260EE8D64A9BA581D5973510FA4"
        + "2783DD0AE93856F6996D1716725D1684F2C93ABF8D6674F20BEE0F7B3C20266624046189A4A1E36D753BD1D5D13D66B8"
        + "DFA1EED481BBA661787483D583EC1E9282CB3AAE9D4D5DD685A6BF10E842A4A2";

    [Fact]
    public void A_record_is_opened_as_its_page_says()
    {
        var security = SeededCipher.Security(1);
        var (a, b) = (new RecordEnd(security, 1), new RecordEnd(security, 2));
        RecordEnd.Meet(a, b);
        var packet = a.Seal(b, "what a record holds", LinkKind.Stream);
        Span<byte> data = stackalloc byte[66];
        packet.AsSpan(0, 26).CopyTo(data);
        BinaryPrimitives.WriteUInt64BigEndian(data[26..], OpenPacket.LabelOf("default"));
        b.Id.Write(data[34..]);
        BinaryPrimitives.WriteUInt128BigEndian(data[50..], b.Envelope.Boots.Current);
        Span<byte> nonce = stackalloc byte[12];
        packet.AsSpan(22, 4).CopyTo(nonce[8..]);
        var bootKey = Derived(Purpose(security.Cipher, "hearsay record 2"u8), packet.AsSpan(6, 16));
        var text = Open(bootKey, nonce, data, packet.AsSpan(42), packet.AsSpan(26, 16));
        Assert.Equal(a.Id, NodeId.Read(text));
        Assert.Equal(Encoding.UTF8.GetBytes("what a record holds"), text[(16 + 2 + 4 + 4)..]);
    }

    [Fact]
    public void A_packet_of_a_session_is_opened_as_its_page_says()
    {
        var cluster = new SeededIdentities();
        var (a, b) = (new IdentityEnd(cluster.Security(1), 1), new IdentityEnd(cluster.Security(2), 2));
        IdentityEnd.Meet(a, b);
        var packet = a.Seal(b, "what a session holds, which is long enough not to be padded");
        var key = b.Envelope.Sessions.ReceiveKey(b.Envelope.Sessions.FindPeer(a.Id, b.Now));
        Span<byte> nonce = stackalloc byte[12];
        packet.AsSpan(8, 4).CopyTo(nonce[8..]);
        var text = Open(key, nonce, packet.AsSpan(0, 16), packet.AsSpan(32), packet.AsSpan(16, 16));
        Assert.Equal(Encoding.UTF8.GetBytes("what a session holds, which is long enough not to be padded"), text[4..]);
    }

    [Fact]
    public void A_hello_is_opened_as_its_page_says()
    {
        var cluster = new SeededIdentities();
        var (a, b) = (new IdentityEnd(cluster.Security(1), 1), new IdentityEnd(cluster.Security(2), 2));
        var packet = a.Seal(b, "hello");
        Span<byte> data = stackalloc byte[12];
        packet.AsSpan(0, 4).CopyTo(data);
        BinaryPrimitives.WriteUInt64BigEndian(data[4..], cluster.Label);
        var filter = new byte[32];
        _ = Sodium.Hash(filter, 32, [.. "hearsay identity filter 2"u8, .. data[4..]], 33, cluster.AdmissionKey, 32);
        Span<byte> nonce = stackalloc byte[12];
        packet.AsSpan(20, 8).CopyTo(nonce[4..]);
        var key = Derived(filter, packet.AsSpan(4, 16));
        var text = Open(key, nonce, data, packet.AsSpan(44), packet.AsSpan(28, 16));
        Assert.Equal(128, packet.Length);
        Assert.Equal((byte)GreetingType.Hello, text[0]);
        Assert.Equal(a.Id, NodeId.Read(text.AsSpan(9)));
    }

    [Fact]
    public void A_record_of_the_cipher_before_is_counted_and_nothing_else()
    {
        var security = SeededCipher.Security(1);
        var (a, b) = (new RecordEnd(security, 1), new RecordEnd(security, 2));
        Assert.Null(b.Open(a, Convert.FromHexString(RecordBefore)));
        Assert.Equal(DropReason.NotAuthentic, b.Last);
        Assert.Empty(b.Own);
        Assert.Equal(0, b.Envelope.Others.Count);
    }

    [Fact]
    public void A_hello_of_the_cipher_before_is_counted_and_nothing_else()
    {
        var cluster = new SeededIdentities();
        var (a, b) = (new IdentityEnd(cluster.Security(1), 1), new IdentityEnd(cluster.Security(2), 2));
        Assert.Null(b.Open(a, Convert.FromHexString(HelloBefore)));
        Assert.Equal(DropReason.NotAuthentic, b.Last);
        Assert.Empty(b.Own);
    }

    /// <summary>A key of the seeded cluster for one purpose.</summary>
    private static byte[] Purpose(RecordCipher cipher, ReadOnlySpan<byte> purpose)
    {
        var derived = new byte[32];
        byte[] secret = [.. Enumerable.Repeat((byte)1, 32)];
        byte[] data = [(byte)purpose.Length, .. purpose, 1, 0, 0, 0, 0, 0, 0, 0, 1, .. "default"u8];
        cipher.Hash(secret, data, derived);
        return derived;
    }

    private static byte[] Derived(ReadOnlySpan<byte> key, ReadOnlySpan<byte> boot)
    {
        var derived = new byte[32];
        _ = Sodium.Derive(derived, boot, key, 0);
        return derived;
    }

    private static byte[] Open(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> data, ReadOnlySpan<byte> closed,
        ReadOnlySpan<byte> tag)
    {
        var text = new byte[closed.Length];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(nonce, closed, tag, text, data);
        return text;
    }
}
