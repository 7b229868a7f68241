using CsCheck;
using Hearsay.Protocols.AntiEntropy.Sketch;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy.Sketch;

public sealed class SketchCodecTests
{
    private static readonly Gen<SketchCell> AnyCell =
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Long).Select(cell => new SketchCell(cell.Item1, cell.Item2, cell.Item3));

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void Any_cells_come_back_as_they_were(int checkBytes) =>
        Gen.Select(AnyCell.Array[1, 60], Gen.Long[0, SketchCodec.MostItems]).Sample((cells, items) =>
        {
            var buffer = new byte[4096];
            var writer = new WireWriter(buffer);
            var sketch = new SketchSnapshot(cells, items);
            var first = cells.Length / 3;
            var written = SketchCodec.WriteChunk(ref writer, sketch, first, int.MaxValue, checkBytes);
            Assert.Equal(cells.Length - first, written);
            Assert.Equal(writer.Position, SketchCodec.HeadBytesOf(items, first, written)
                + Enumerable.Range(first, written)
                    .Sum(index => SketchCodec.BytesOf(cells[index], items, index, checkBytes)));
            var reader = new WireReader(writer.Written);
            Assert.True(SketchCodec.TryReadHead(ref reader, cells.Length, out var head));
            Assert.Equal(new SketchChunkHead(items, first, checkBytes, written), head);
            for (var index = first; index < cells.Length; index++)
            {
                Assert.True(SketchCodec.TryReadCell(ref reader, head, index, out var cell));
                var sent = checkBytes == 8 ? cells[index] : cells[index] with { Check = (uint)cells[index].Check };
                Assert.Equal(sent, cell);
            }

            Assert.True(reader.Rest.IsEmpty);
        });

    [Fact]
    public void As_many_cells_are_written_as_fit()
    {
        var sketch = SketchPair.Random(1, 10_000, 0).Mine.Snapshot();
        var writer = new WireWriter(new byte[1_200]);
        var written = SketchCodec.WriteChunk(ref writer, sketch, 0, 1_000, 8);
        Assert.InRange(written, 60, 70);
        Assert.False(writer.Failed);
        var small = new WireWriter(new byte[16]);
        Assert.Equal(0, SketchCodec.WriteChunk(ref small, sketch, 0, 10, 8));
        Assert.Equal(0, small.Position);
    }

    [Fact]
    public void What_is_cut_short_is_refused()
    {
        var sketch = SketchPair.Random(1, 1_000, 0).Mine.Snapshot();
        var writer = new WireWriter(new byte[1_200]);
        SketchCodec.WriteChunk(ref writer, sketch, 0, 16, 8);
        var bytes = writer.Written.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(TryReadAll(bytes.AsSpan(0, length)));
        }

        Assert.True(TryReadAll(bytes));
    }

    [Fact]
    public void Arbitrary_bytes_do_no_harm() =>
        Gen.Byte.Array[0, 200].Sample(bytes => { _ = TryReadAll(bytes); });

    [Theory]
    [InlineData("80808080808080808001000801")] // 2^63 symbols
    [InlineData("0a80800108017f")] // a first cell beyond the prefix
    [InlineData("0a00070100000000000000000000000000000000000000")] // a check of 7 bytes
    [InlineData("0a0008ffffffffffffffffff01")] // 2^64 cells
    [InlineData("0a000800")] // no cells
    public void A_head_that_names_more_than_there_can_be_is_refused(string hex)
    {
        var reader = new WireReader(Convert.FromHexString(hex));
        Assert.False(SketchCodec.TryReadHead(ref reader, 16_384, out _));
    }

    [Fact]
    public void Numbers_take_as_few_bytes_as_they_need_and_come_back() => Gen.ULong.Sample(value =>
    {
        var writer = new WireWriter(new byte[Varint.MostBytes]);
        Varint.Write(ref writer, value);
        Assert.Equal(Varint.BytesOf(value), writer.Position);
        var reader = new WireReader(writer.Written);
        Assert.True(Varint.TryRead(ref reader, out var read));
        Assert.Equal(value, read);
        var signedWriter = new WireWriter(new byte[Varint.MostBytes]);
        Varint.WriteSigned(ref signedWriter, (long)value);
        var signedReader = new WireReader(signedWriter.Written);
        Assert.True(Varint.TryReadSigned(ref signedReader, out var signed));
        Assert.Equal((long)value, signed);
    });

    [Theory]
    [InlineData("8000")] // zero in two bytes
    [InlineData("ffffffffffffffffff02")] // 65 bits
    [InlineData("ffffffffffffffffffff01")] // eleven bytes
    [InlineData("ff")] // cut short
    [InlineData("")]
    public void A_number_has_one_form(string hex)
    {
        var reader = new WireReader(Convert.FromHexString(hex));
        Assert.False(Varint.TryRead(ref reader, out _));
    }

    private static bool TryReadAll(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        if (!SketchCodec.TryReadHead(ref reader, 16_384, out var head))
        {
            return false;
        }

        for (var i = 0; i < head.Count; i++)
        {
            if (!SketchCodec.TryReadCell(ref reader, head, head.First + i, out _))
            {
                return false;
            }
        }

        return true;
    }
}
