using CsCheck;

namespace Hearsay.Protocols.Tests;

public class NodeIdTests
{
    private static readonly Gen<NodeId> AnyId = Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new NodeId(high, low));

    [Fact]
    public void What_is_written_is_read_again() => AnyId.Sample(id =>
    {
        var bytes = new byte[NodeId.SizeBytes];
        id.Write(bytes);
        Assert.Equal(32, id.ToString().Length);
        return NodeId.TryParse(id.ToString(), out var parsed) && parsed == id && NodeId.Read(bytes) == id;
    });

    [Fact]
    public void Text_and_bytes_have_the_same_order() => Gen.Select(AnyId, AnyId).Sample((left, right) =>
        Math.Sign(left.CompareTo(right)) == Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString())));

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("+123456789abcdef0123456789abcdef")]
    [InlineData(" 123456789abcdef 123456789abcdef")]
    public void Other_text_is_no_id(string text)
    {
        Assert.False(NodeId.TryParse(text, out var id));
        Assert.True(id.IsNone);
    }
}
