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
    public void A_key_that_is_written_as_text_is_the_text_of_the_key() => AnyParts.Sample(parts =>
    {
        var (path, text) = (Of(parts), new char[8]);
        var isWritten = path.TryWriteKeyText(text, out var length);
        Assert.Equal(isWritten, path.KeyText() is { } key && !key.Contains('\0', StringComparison.Ordinal));
        Assert.True(!isWritten || path.KeyText() == new string(text, 0, length));
        Assert.False(path.Child([1]).TryWriteKeyText(text.AsSpan(0, 0), out _) && length > 0);
    });

    [Fact]
    public void Hashes_of_different_paths_differ()
    {
        var paths = Enumerable.Range(0, 10_000).Select(static i => RowPath.Of(BitConverter.GetBytes(i))).ToList();
        paths.AddRange(Enumerable.Range(1, 60).Select(static length => RowPath.Of(new byte[length])));
        paths.AddRange(paths.ToArray().Select(static path => path.Child([0])));
        var hashes = paths.Select(static path => path.GetHashCode()).Distinct().Count();
        Assert.InRange(hashes, paths.Count - 3, paths.Count);
        Assert.NotEqual(RowPath.HashOf("a"u8, 1), RowPath.HashOf("a"u8, 2));
    }

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
