using CsCheck;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Wire;

public sealed class EnvelopeTests
{
    private static readonly ulong _label = Envelope.LabelOf("production");
    private static readonly NodeId _sender = new(1, 2);

    [Fact]
    public void What_was_sealed_opens_and_names_its_sender() =>
        Gen.Byte.Array[0, 300].Sample(frames =>
        {
            var packet = Seal(frames);
            Assert.True(Envelope.TryOpen(packet, _label, out var sender, out var refused));
            Assert.Equal((_sender, DropReason.None), (sender, refused));
        });

    /// <summary>The flag that marks a record.</summary>
    private const int RecordBit = 8 * 3;

    [Fact]
    public void Every_flipped_bit_is_refused() =>
        Gen.Byte.Array[0, 40].Sample(frames =>
        {
            var packet = Seal(frames);
            for (var bit = 0; bit < packet.Length * 8; bit++)
            {
                packet[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(Envelope.TryOpen(packet, _label, out _, out var refused));
                Assert.Equal(bit == RecordBit ? DropReason.WrongSecurity : ReasonFor(bit / 8), refused);
                packet[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }, iter: 20);

    [Fact]
    public void Two_flipped_bits_are_refused_as_well() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]).Sample((frames, a, b) =>
        {
            var packet = Seal(frames);
            var bits = packet.Length * 8;
            packet[a % bits / 8] ^= (byte)(1 << (a % 8));
            packet[b % bits / 8] ^= (byte)(1 << (b % 8));
            Assert.Equal(packet.AsSpan().SequenceEqual(Seal(frames)), Envelope.TryOpen(packet, _label, out _, out _));
        });

    [Fact]
    public void Another_clusters_label_is_refused_although_the_packet_is_whole()
    {
        Assert.False(Envelope.TryOpen(Seal([1, 2]), Envelope.LabelOf("staging"), out _, out var refused));
        Assert.Equal(DropReason.WrongCluster, refused);
    }

    [Fact]
    public void Everything_shorter_than_an_envelope_is_malformed()
    {
        var packet = Seal([]);
        for (var length = 0; length < Envelope.SizeBytes; length++)
        {
            Assert.False(Envelope.TryOpen(packet.AsSpan(0, length), _label, out _, out var refused));
            Assert.Equal(DropReason.Malformed, refused);
        }
    }

    [Fact]
    public void Nobody_is_not_a_sender()
    {
        var packet = new byte[Envelope.SizeBytes];
        Envelope.Seal(packet, _label, NodeId.None);

        Assert.False(Envelope.TryOpen(packet, _label, out _, out var refused));
        Assert.Equal(DropReason.Malformed, refused);
    }

    [Fact]
    public void The_label_is_the_same_on_every_machine() =>
        Assert.Equal(0x37A8EEC1CE19687DUL, Envelope.LabelOf("default"));

    private static DropReason ReasonFor(int offset) => offset switch
    {
        0 => DropReason.Malformed,
        1 or 3 => DropReason.WrongVersion,
        _ => DropReason.BadChecksum,
    };

    private static byte[] Seal(byte[] frames)
    {
        byte[] packet = [.. new byte[Envelope.SizeBytes], .. frames];
        Envelope.Seal(packet, _label, _sender);
        return packet;
    }
}
