using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Wire;

public sealed class FrameTests
{
    private static readonly ulong _label = Envelope.LabelOf("default");

    [Fact]
    public void Frames_come_back_in_order_and_the_end_is_no_failure()
    {
        var writer = new WireWriter(new byte[64]);
        Write(ref writer, 1, 2, [3, 4, 5]);
        Write(ref writer, 130, 9, []);
        Frame.Pad(ref writer, 40);
        Assert.Equal(40, writer.Position);

        var reader = new WireReader(writer.Written);
        Assert.True(Frame.TryRead(ref reader, out var protocol, out var type, out var body));
        Assert.Equal((1, 2), (protocol, type));
        Assert.Equal([3, 4, 5], body.ToArray());
        Assert.True(Frame.TryRead(ref reader, out protocol, out type, out body));
        Assert.Equal((130, 9, 0), (protocol, type, body.Length));
        Assert.True(Frame.TryRead(ref reader, out protocol, out _, out body));
        Assert.Equal((Frame.Node, 25), (protocol, body.Length));
        Assert.False(Frame.TryRead(ref reader, out _, out _, out _));
        Assert.False(reader.Failed);
    }

    [Theory]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 1, 2, 0 })]
    [InlineData(new byte[] { 1, 2, 0, 3, 9, 9 })]
    [InlineData(new byte[] { 1, 2, 255, 255 })]
    public void A_frame_that_is_cut_off_fails_the_reader(byte[] bytes)
    {
        var reader = new WireReader(bytes);
        Assert.False(Frame.TryRead(ref reader, out _, out _, out _));
        Assert.True(reader.Failed);
    }

    [Theory]
    [InlineData(36, 40, 40)]
    [InlineData(36, 37, 40)]
    [InlineData(36, 36, 36)]
    [InlineData(62, 64, 62)]
    [InlineData(36, 30, 36)]
    public void Padding_reaches_the_length_or_stops_where_the_buffer_ends(int position, int length, int expected)
    {
        var writer = new WireWriter(new byte[64]);
        writer.WriteZeros(position);
        Frame.Pad(ref writer, length);
        Assert.Equal(expected, writer.Position);
        Assert.False(writer.Failed);
    }

    [Fact]
    public void Unknown_frames_are_skipped_and_counted_and_the_known_one_in_the_same_packet_is_used()
    {
        var network = Swarm.Start(2, cycles: 3);
        var node = network.Nodes[0];
        var stranger = new Descriptor(
            new NodeId(7, 7), 1, 0, new NodeAddresses(VirtualNetwork.AddressOf(99)), MetadataPresence.None, default);
        var writer = new WireWriter(new byte[400]);
        writer.WriteZeros(Envelope.SizeBytes);
        Write(ref writer, 77, 1, [1, 2, 3]);
        Write(ref writer, 200, 1, [1, 2, 3]);
        Write(ref writer, SamplingMessage.Protocol, 99, [4]);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, SamplingMessage.Request);
        new ExchangeRequest(5, NodeId.None, ExchangeMode.Push, 1).Write(ref writer);
        stranger.Write(ref writer);
        writer.WriteBytes([0xDE, 0xAD, 0xBE, 0xEF]);
        Frame.End(ref writer, start);
        Write(ref writer, 78, 1, []);
        Envelope.Seal(writer.Written, _label, new NodeId(7, 7));

        network.Inject(node, new Link(VirtualNetwork.AddressOf(99), LinkKind.Datagram), writer.Written);

        Assert.Equal(3, node.Core.Counters.Dropped(DropReason.UnknownProtocol));
        Assert.Equal(1, node.Core.Counters.Dropped(DropReason.UnknownType));
        Assert.Equal(0, node.Core.Counters.Dropped(DropReason.Malformed));
        Assert.Contains(node.View(), p => p.Id == new NodeId(7, 7));
    }

    [Fact]
    public void A_higher_minor_version_is_understood()
    {
        var network = Swarm.Start(2, cycles: 1);
        byte[]? packet = null;
        network.Nodes[1].OnSend = (_, bytes) => packet ??= bytes;
        network.Run(3 * Swarm.Second);
        // The checksum covers the minor version: take it from a packet sealed by a newer node.
        packet![2] = 9;
        Array.Clear(packet, 28, 4);
        var crc = Crc32C([.. packet[..28], .. packet[32..]]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(28), crc);

        Assert.True(Envelope.TryOpen(packet, _label, out _, out _));
    }

    /// <summary>Bit by bit, as the polynomial has it: an independent witness.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0);
            }
        }

        return ~crc;
    }

    private static void Write(ref WireWriter writer, byte protocol, byte type, byte[] body)
    {
        var start = Frame.Begin(ref writer, protocol, type);
        writer.WriteBytes(body);
        Frame.End(ref writer, start);
    }
}
