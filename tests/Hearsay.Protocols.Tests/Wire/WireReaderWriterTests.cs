using CsCheck;

namespace Hearsay.Protocols.Tests.Wire;

public sealed class WireReaderWriterTests
{
    [Fact]
    public void Fields_come_back_as_they_were_written() =>
        Gen.Select(Gen.Byte, Gen.UShort, Gen.UInt, Gen.ULong, Gen.Int[0, 32_767], Gen.Byte.Array[0, 40]).Sample(
            (one, two, four, eight, length, bytes) =>
            {
                var id = new NodeId(eight, four);
                Span<byte> buffer = stackalloc byte[128];
                var writer = new WireWriter(buffer);
                writer.WriteByte(one);
                writer.WriteUInt16(two);
                writer.WriteUInt32(four);
                writer.WriteUInt64(eight);
                writer.WriteNodeId(id);
                writer.WriteLength(length);
                writer.WriteZeros(3);
                writer.WriteBytes(bytes);
                Assert.False(writer.Failed);

                var reader = new WireReader(writer.Written);
                Assert.Equal(one, reader.ReadByte());
                Assert.Equal(two, reader.ReadUInt16());
                Assert.Equal(four, reader.ReadUInt32());
                Assert.Equal(eight, reader.ReadUInt64());
                Assert.Equal(id, reader.ReadNodeId());
                Assert.Equal(length, reader.ReadLength());
                Assert.Equal([0, 0, 0], reader.ReadBytes(3).ToArray());
                Assert.Equal(bytes, reader.ReadBytes(bytes.Length).ToArray());
                Assert.True(reader.Rest.IsEmpty);
                Assert.False(reader.Failed);
            });

    [Fact]
    public void Numbers_are_big_endian_and_lengths_take_one_or_two_bytes()
    {
        Span<byte> buffer = stackalloc byte[16];
        var writer = new WireWriter(buffer);
        writer.WriteUInt32(0x01020304);
        writer.WriteLength(0x7F);
        writer.WriteLength(0x80);
        writer.WriteLength(0x7FFF);

        Assert.Equal([1, 2, 3, 4, 0x7F, 0x80, 0x80, 0xFF, 0xFF], writer.Written.ToArray());
    }

    [Fact]
    public void A_reader_that_failed_gives_zeros_and_stays_failed()
    {
        var reader = new WireReader([1, 2, 3]);

        Assert.Equal(0u, reader.ReadUInt32());
        Assert.True(reader.Failed);
        Assert.Equal(0, reader.ReadByte());
        Assert.Equal(NodeId.None, reader.ReadNodeId());
        Assert.Equal(0, reader.ReadLength());
        Assert.True(reader.ReadBytes(1).IsEmpty);
        Assert.True(reader.Rest.IsEmpty);
        Assert.True(reader.Failed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Absurd_counts_fail_and_do_not_throw(int count)
    {
        var reader = new WireReader([1, 2, 3]);
        Assert.True(reader.ReadBytes(count).IsEmpty);
        Assert.True(reader.Failed);
        var writer = new WireWriter(new byte[8]);
        writer.WriteZeros(count);
        Assert.True(writer.Failed);
    }

    [Fact]
    public void A_writer_that_failed_writes_nothing_more_until_it_is_taken_back()
    {
        var writer = new WireWriter(new byte[4]);
        writer.WriteUInt16(7);
        var mark = writer.Position;
        writer.WriteUInt32(9);
        Assert.True(writer.Failed);
        writer.WriteByte(1);

        Assert.Equal([0, 7], writer.Written.ToArray());
        writer.Rewind(mark);
        Assert.False(writer.Failed);
        writer.WriteUInt16(8);
        writer.Patch(0, (ushort)5);
        writer.Patch(3, 6);
        Assert.Equal([0, 5, 0, 6], writer.Written.ToArray());
        Assert.Equal(0, writer.Room);
    }
}
