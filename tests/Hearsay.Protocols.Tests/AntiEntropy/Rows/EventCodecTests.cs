using CsCheck;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;
using static Hearsay.Protocols.Tests.AntiEntropy.Rows.RowGenerators;

namespace Hearsay.Protocols.Tests.AntiEntropy.Rows;

public sealed class EventCodecTests
{
    [Fact]
    public void Any_row_comes_back_and_takes_as_many_bytes_as_was_said() => RowGenerators.Rows.Sample(row =>
    {
        var bytes = WireEncodings.ToBytes((ref WireWriter writer) => RowCodec.Write(ref writer, row));
        Assert.Equal(bytes.Length, RowCodec.BytesOf(row));
        var reader = new WireReader(bytes);
        Assert.True(RowCodec.TryRead(ref reader, out var read));
        Assert.True(reader.Rest.IsEmpty);
        Same(row, read);
    });

    [Fact]
    public void Any_event_comes_back_as_it_was() => Events.Sample(one =>
    {
        var reader = new WireReader(Bytes(one));
        Assert.True(EventCodec.TryRead(ref reader, out MapEvent read));
        Assert.True(reader.Rest.IsEmpty);
        Assert.Equal(one.Dot, read.Dot);
        Assert.Equal(one.Closed, read.Closed);
        Assert.Equal(one.Entries.Count, read.Entries.Count);
        for (var i = 0; i < one.Entries.Count; i++)
        {
            Same(one.Entries[i], read.Entries[i]);
        }
    });

    [Fact]
    public void An_event_that_is_cut_short_is_refused_at_every_byte() => Events.Sample(
        one =>
        {
            var bytes = Bytes(one);
            for (var length = 0; length < bytes.Length; length++)
            {
                var reader = new WireReader(bytes.AsSpan(0, length));
                Assert.False(EventCodec.TryRead(ref reader, out MapEvent _));
            }
        }, iter: 50);

    [Fact]
    public void A_changed_byte_is_refused_or_another_event_in_its_one_form() =>
        Gen.Select(Events, Gen.Int[0, 10_000], Gen.Byte).Sample((one, place, value) =>
        {
            var bytes = Bytes(one);
            bytes[place % bytes.Length] = value;
            var reader = new WireReader(bytes);
            if (EventCodec.TryRead(ref reader, out MapEvent read))
            {
                Assert.Equal(bytes.AsSpan(0, bytes.Length - reader.Rest.Length).ToArray(), Bytes(read));
            }
        });

    [Fact]
    public void Any_bytes_are_read_without_an_exception() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        var reader = new WireReader(bytes);
        EventCodec.TryRead(ref reader, out MapEvent _);
        reader = new WireReader(bytes);
        RowCodec.TryRead(ref reader, out _);
    });

    [Theory]
    [InlineData(RowCodec.MostValueBytes, true)]
    [InlineData(RowCodec.MostValueBytes + 1, false)]
    public void A_value_is_read_up_to_its_bound(int length, bool isRead)
    {
        var dot = new Dot(new EpochId(new NodeId(1, 1), 1), 1);
        var row = new MapRow(RowPath.Of([1]), dot, RowKind.Register, 0, 0, true, new byte[length]);
        var reader = new WireReader(WireEncodings.ToBytes((ref WireWriter writer) => RowCodec.Write(ref writer, row)));
        Assert.Equal(isRead, RowCodec.TryRead(ref reader, out _));
    }

    [Fact]
    public void An_event_that_says_it_has_a_million_entries_is_refused_before_anything_is_made_of_it()
    {
        var bytes = WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            DotCodec.Write(ref writer, new Dot(new EpochId(new NodeId(1, 1), 1), 1));
            Varint.Write(ref writer, 1_000_000);
            writer.WriteZeros(1_000);
        });
        var reader = new WireReader(bytes);
        Assert.False(EventCodec.TryRead(ref reader, out MapEvent _));
    }

    private static byte[] Bytes(MapEvent one) =>
        WireEncodings.ToBytes((ref WireWriter writer) => EventCodec.Write(ref writer, one));
}
