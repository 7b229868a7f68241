using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy.Exchange;

public sealed class ReportCodecTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        foreach (var seen in new[]
        {
            SequenceSet.Empty, SequenceSet.Of(1, 1), SequenceSet.Of(1, ulong.MaxValue),
            SequenceSet.Of(ulong.MaxValue, ulong.MaxValue), SequenceSet.Of(2, 9).With(11).With(1_000),
        })
        {
            Assert.Equal(seen, Read(Write(seen, 1)));
        }
    }

    [Fact]
    public void Ranges_before_the_first_number_are_left_out_and_so_are_those_beyond_the_bound()
    {
        var seen = Enumerable.Range(0, 100).Aggregate(SequenceSet.Empty, (all, i) => all.With(1 + (2 * (ulong)i)));
        Assert.Equal(99UL, Read(Write(seen, 1))!.Last);
        Assert.Equal((101UL, 199UL), Read(Write(seen, 100)) is { } read ? (read.Ranges[0].First, read.Last) : default);
        Assert.Equal(SequenceSet.Empty, Read(Write(seen, 200)));
        var longest = Enumerable.Range(0, 100).Aggregate(
            SequenceSet.Empty, (all, i) => all.With((1UL << 60) + ((ulong)i << 50)));
        Assert.True(Write(longest, 1).Length < MapFrame.DatagramBytes - 16);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 1, 0 })]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 51, 0, 1 })]
    public void What_is_no_report_is_not_read(byte[] bytes) => Assert.Null(Read(bytes));

    [Fact]
    public void Numbers_beyond_64_bits_and_ranges_that_touch_are_not_read()
    {
        Assert.Null(Read(Bytes(1, ulong.MaxValue, 1)));
        Assert.Null(Read(Bytes(1, 1, ulong.MaxValue)));
        Assert.Null(Read(Bytes(2, 0, ulong.MaxValue, 0, 1)));
        Assert.Null(Read(Bytes(2, 0, 1, 0, 1)));
        Assert.NotNull(Read(Bytes(1, 0, ulong.MaxValue)));
    }

    private static byte[] Bytes(params ulong[] numbers) => WireEncodings.ToBytes((ref WireWriter writer) =>
    {
        foreach (var number in numbers)
        {
            Varint.Write(ref writer, number);
        }
    });

    private static byte[] Write(SequenceSet seen, ulong first) =>
        WireEncodings.ToBytes((ref WireWriter writer) => ReportCodec.Write(ref writer, seen, first));

    private static SequenceSet? Read(byte[] bytes)
    {
        var reader = new WireReader(bytes);
        return ReportCodec.TryRead(ref reader, out var seen) ? seen : null;
    }
}
