using CsCheck;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Wire;

public sealed class DescriptorTests
{
    private static readonly NodeAddress _v4 = NodeAddress.FromIPv4(0x0A000001, 7000);
    private static readonly NodeAddress _v6 = NodeAddress.FromIPv6(0xFD00_0000_0000_0000, 5, 7001);

    private static readonly Gen<NodeAddresses> _addresses = OneOf(
        new NodeAddresses(_v4), new NodeAddresses(_v6), new NodeAddresses(_v4, _v6));

    private static readonly Gen<(MetadataPresence Presence, byte[] Bytes)> _metadata = Gen.OneOf(
        Gen.Const((MetadataPresence.None, Array.Empty<byte>())),
        Gen.Const((MetadataPresence.Omitted, Array.Empty<byte>())),
        Gen.OneOf(OneOf(1, 68, 69, 70, 127, 128, 256), Gen.Int[1, 256])
            .SelectMany(n => Gen.Byte.Array[n]).Select(bytes => (MetadataPresence.Included, bytes)));

    [Fact]
    public void A_descriptor_comes_back_as_it_was_written() =>
        Gen.Select(Gen.ULong[1, ulong.MaxValue], Gen.ULong[0, Descriptor.MaximumIncarnation], Gen.UShort, _addresses,
            _metadata).Sample((id, incarnation, age, addresses, metadata) =>
        {
            var bytes = Write(new NodeId(0, id), incarnation, age, addresses, metadata.Presence, metadata.Bytes);
            Assert.Equal(Descriptor.SizeBytes(addresses, metadata.Bytes.Length), bytes.Length);

            var reader = new WireReader([.. bytes, 0xAA]);
            Assert.True(Descriptor.TryRead(ref reader, out var read));
            Assert.Equal(1, reader.Rest.Length);
            Assert.Equal((new NodeId(0, id), incarnation, age), (read.Id, read.Incarnation, read.AgeCycles));
            Assert.Equal((addresses, metadata.Presence), (read.Addresses, read.Presence));
            Assert.Equal(metadata.Bytes, read.Metadata.ToArray());
        });

    [Fact]
    public void Fields_after_the_known_ones_are_skipped() =>
        Gen.Select(_addresses, _metadata, Gen.Byte.Array[1, 200]).Sample((addresses, metadata, extra) =>
        {
            var known = Write(new NodeId(1, 1), 5, 3, addresses, metadata.Presence, metadata.Bytes);
            var head = known.Length - BodyLength(known);
            var writer = new WireWriter(new byte[1000]);
            writer.WriteLength(known.Length - head + extra.Length);
            writer.WriteBytes(known.AsSpan(head));
            writer.WriteBytes(extra);
            writer.WriteByte(0xAA);

            var reader = new WireReader(writer.Written);
            Assert.True(Descriptor.TryRead(ref reader, out var read));
            Assert.Equal((addresses, metadata.Presence), (read.Addresses, read.Presence));
            Assert.Equal(metadata.Bytes, read.Metadata.ToArray());
            Assert.Equal([0xAA], reader.Rest.ToArray());
        });

    [Fact]
    public void Cut_off_anywhere_it_is_refused() =>
        Gen.Select(_addresses, _metadata).Sample((addresses, metadata) =>
        {
            var whole = Write(new NodeId(1, 1), 5, 3, addresses, metadata.Presence, metadata.Bytes);
            var head = whole.Length - BodyLength(whole);
            for (var length = 0; length < whole.Length; length++)
            {
                var cut = new WireReader(whole.AsSpan(0, length));
                Assert.False(Descriptor.TryRead(ref cut, out _));
                if (length >= head)
                {
                    // Cut off although its own length agrees.
                    var writer = new WireWriter(new byte[400]);
                    writer.WriteLength(length - head);
                    writer.WriteBytes(whole.AsSpan(head, length - head));
                    var agreeing = new WireReader(writer.Written);
                    Assert.False(Descriptor.TryRead(ref agreeing, out _));
                }
            }
        }, iter: 30);

    [Fact]
    public void Who_is_nobody_or_lives_nowhere_is_refused()
    {
        Assert.True(Reads(new NodeId(1, 1), 1, new NodeAddresses(_v4)));
        Assert.False(Reads(NodeId.None, 1, new NodeAddresses(_v4)));
        Assert.False(Reads(new NodeId(1, 1), 1, NodeAddresses.None));
        Assert.True(Reads(new NodeId(1, 1), Descriptor.MaximumIncarnation, new NodeAddresses(_v4)));
        Assert.False(Reads(new NodeId(1, 1), Descriptor.MaximumIncarnation + 1, new NodeAddresses(_v4)));
        Assert.False(Reads(new NodeId(1, 1), ulong.MaxValue, new NodeAddresses(_v4)));
    }

    [Theory]
    [InlineData(0x0A000001u, 7000, true)]
    [InlineData(0x0A000001u, 0, false)]
    [InlineData(0x00000000u, 7000, false)]
    [InlineData(0x00000001u, 7000, false)]
    [InlineData(0xE0000001u, 7000, false)]
    [InlineData(0xFFFFFFFFu, 7000, false)]
    [InlineData(0x7F000001u, 1, true)]
    public void An_IPv4_address_is_one_hosts_and_has_a_port(uint bits, int port, bool fine)
    {
        var bytes = Write(new NodeId(1, 1), 1, 0, new NodeAddresses(_v4), MetadataPresence.None, []);
        var at = bytes.Length - 6;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), bits);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 4), (ushort)port);
        var reader = new WireReader(bytes);
        Assert.Equal(fine, Descriptor.TryRead(ref reader, out _));
    }

    [Theory]
    [InlineData(0xFD00_0000_0000_0000ul, 5ul, 7000, true)]
    [InlineData(0xFD00_0000_0000_0000ul, 5ul, 0, false)]
    [InlineData(0xFF02_0000_0000_0000ul, 1ul, 7000, false)]
    [InlineData(0ul, 0ul, 7000, false)]
    [InlineData(0ul, 0x0000_FFFF_0A00_0001ul, 7000, false)]
    public void An_IPv6_address_is_one_hosts_and_no_IPv4_address_in_disguise(ulong high, ulong low, int port, bool fine)
    {
        var bytes = Write(new NodeId(1, 1), 1, 0, new NodeAddresses(_v6), MetadataPresence.None, []);
        var at = bytes.Length - 18;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at + 8), low);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 16), (ushort)port);
        var reader = new WireReader(bytes);
        Assert.Equal(fine, Descriptor.TryRead(ref reader, out _));
    }

    [Fact]
    public void Metadata_cannot_be_there_and_omitted_at_once()
    {
        var bytes = Write(new NodeId(1, 1), 1, 0, new NodeAddresses(_v4), MetadataPresence.Included, [1, 2]);
        bytes[1] |= 8;
        var reader = new WireReader(bytes);
        Assert.False(Descriptor.TryRead(ref reader, out _));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static int BodyLength(byte[] descriptor) => new WireReader(descriptor).ReadLength();

    private static bool Reads(NodeId id, ulong incarnation, NodeAddresses addresses)
    {
        var reader = new WireReader(Write(id, incarnation, 0, addresses, MetadataPresence.None, []));
        return Descriptor.TryRead(ref reader, out _);
    }

    private static byte[] Write(
        NodeId id, ulong incarnation, ushort age, NodeAddresses addresses, MetadataPresence presence, byte[] metadata)
    {
        var writer = new WireWriter(new byte[400]);
        new Descriptor(id, incarnation, age, addresses, presence, metadata).Write(ref writer);
        Assert.False(writer.Failed);
        return writer.Written.ToArray();
    }
}
