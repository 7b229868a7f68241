using CsCheck;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Dots;

public sealed class RowPathTests
{
    private static readonly Gen<byte[][]> AnyParts =
        Gen.OneOf(Gen.Byte[0, 2], Gen.Const((byte)255)).Array[0, 4].Array[1, 3];

    [Fact]
    public void Paths_order_as_their_parts_do_and_begin_with_what_is_above_them() =>
        Gen.Select(AnyParts, AnyParts).Sample((a, b) =>
        {
            var (one, other) = (Of(a), Of(b));
            Assert.Equal(Math.Sign(CompareParts(a, b)), Math.Sign(one.CompareTo(other)));
            Assert.Equal(CompareParts(a, b) == 0, one.Equals(other));
            var isAbove = b.Length <= a.Length && b.Zip(a).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
            Assert.Equal(isAbove, one.IsWithin(other));
            Assert.Equal(RowPath.Of(a[0]), one.Key);
            Assert.True(RowPath.TryCreate(one.Bytes, out var read) && read.Equals(one));
        });

    [Fact]
    public void Bytes_that_are_no_path_are_refused() => Gen.Byte.Array[0, 12].Sample(bytes =>
    {
        // Whatever is taken must be what its parts would give.
        if (RowPath.TryCreate(bytes, out var path))
        {
            Assert.True(bytes is [.., 0, 1]);
            Assert.Equal(bytes, path.Bytes.ToArray());
        }
    });

    [Theory]
    [InlineData("")]
    [InlineData("61")]
    [InlineData("6100")]
    [InlineData("610002")]
    [InlineData("61000161")]
    [InlineData("6100ff")]
    public void Truncated_paths_are_refused(string hex) =>
        Assert.False(RowPath.TryCreate(Convert.FromHexString(hex), out _));

    private static RowPath Of(byte[][] parts) =>
        parts[1..].Aggregate(RowPath.Of(parts[0]), (path, part) => path.Child(part));

    private static int CompareParts(byte[][] a, byte[][] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i].AsSpan().SequenceCompareTo(b[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return a.Length - b.Length;
    }
}
