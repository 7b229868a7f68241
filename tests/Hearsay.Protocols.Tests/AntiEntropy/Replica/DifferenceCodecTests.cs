using CsCheck;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Tests.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Replica;

public sealed class DifferenceCodecTests
{
    [Fact]
    public void A_difference_does_the_same_after_it_was_sent()
    {
        var (a, b, c) = (new TestNode(1), new TestNode(2), new TestNode(3));
        a.Set("x", 1);
        a.Set("y", 2);
        b.Pull(a);
        c.Pull(a);
        a.Set("x", 3);
        a.Remove("y");
        a.Write(TestNode.Change("p", 4), TestNode.Change("q", 5));
        Assert.True(a.Replica.TryDiffer(b.Replica.Context, 100, out var direct));
        var bytes = Bytes(direct);
        Assert.True(DifferenceCodec.TryRead(bytes, c.Replica.Context, null, out var sent));
        Assert.True(b.Replica.ApplyDifference(direct));
        Assert.True(c.Replica.ApplyDifference(sent));
        Assert.Equal("3||4|5", c.Shown("x", "y", "p", "q"));
        Assert.Equal(b.Replica.Root, c.Replica.Root);
        Assert.Equal(b.Replica.Context, c.Replica.Context);
        Assert.Equal(b.Replica.Log.Count(), c.Replica.Log.Count());
        c.AssertConsistent();
    }

    [Fact]
    public void Every_cut_of_a_difference_is_refused_or_ends_between_two_rows()
    {
        var difference = Some();
        var bytes = Bytes(difference);
        var whole = 0;
        for (var length = 0; length < bytes.Length; length++)
        {
            whole += DifferenceCodec.TryRead(bytes.AsSpan(0, length), CausalContext.Empty, null, out _) ? 1 : 0;
        }

        Assert.Equal(difference.Rows.Count, whole);
    }

    [Fact]
    public void A_changed_byte_never_throws_and_never_brings_a_row_that_its_context_does_not_cover() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Sample((place, value) =>
        {
            var bytes = Bytes(Some());
            bytes[place % bytes.Length] = value;
            if (DifferenceCodec.TryRead(bytes, CausalContext.Empty, null, out var read))
            {
                Assert.All(read.Rows, row => Assert.True(read.Context.Covers(row.Dot, row.Path)));
                Assert.All(read.Removals, one => Assert.True(read.Context.Covers(one.Dot)));
            }
        });

    [Fact]
    public void A_row_that_the_context_does_not_cover_is_refused()
    {
        var difference = Some();
        var stranger = difference.Rows[0] with { Dot = new Dot(new EpochId(new NodeId(9, 9), 1), 1) };
        Assert.False(DifferenceCodec.TryRead(
            Bytes(difference with { Rows = [stranger] }), CausalContext.Empty, null, out _));
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        DifferenceCodec.TryRead(bytes, CausalContext.Empty, null, out _);
        var reader = new WireReader(bytes);
        SummaryCodec.TryRead(ref reader, new NodeId(1, 1), out _);
    });

    [Fact]
    public void A_summary_comes_back_and_is_refused_when_it_is_cut()
    {
        var node = new TestNode(1);
        node.Set("x", 1);
        var summary = node.Replica.Summary;
        var bytes = WireEncodings.ToBytes((ref WireWriter writer) => SummaryCodec.Write(ref writer, summary));
        var reader = new WireReader(bytes);
        Assert.True(SummaryCodec.TryRead(ref reader, summary.Node, out var read));
        Assert.Equal(summary, read);
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = new WireReader(bytes.AsSpan(0, length));
            Assert.False(SummaryCodec.TryRead(ref cut, summary.Node, out _));
        }
    }

    private static ContextDifference Some()
    {
        var node = new TestNode(1);
        node.Set("x", 1);
        node.Set("z", 7);
        node.Remove("z");
        node.Write(TestNode.Change("p", 4), TestNode.Change("q", 5));
        Assert.True(node.Replica.TryDiffer(CausalContext.Empty, 100, out var difference));
        Assert.Equal((3, 1), (difference.Rows.Count, difference.Removals.Count));
        return difference;
    }

    private static byte[] Bytes(ContextDifference difference) =>
    [
        .. DifferenceCodec.HeadOf(difference),
        .. difference.Rows.SelectMany(row => WireEncodings.ToBytes((ref WireWriter writer) =>
            RowCodec.Write(ref writer, row))),
    ];
}
