using System.Text;
using CsCheck;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.Wire;

public sealed class Crc32CTests
{
    /// <summary>RFC 3720, appendix B.4, and the usual check of catalogues of checksums.</summary>
    [Theory]
    [InlineData("zeros", 0x8A91_36AAu)]
    [InlineData("ones", 0x62A8_AB43u)]
    [InlineData("rising", 0x46DD_794Eu)]
    [InlineData("falling", 0x113F_DB5Cu)]
    [InlineData("123456789", 0xE306_9283u)]
    public void It_is_the_checksum_of_the_standard_with_the_instruction_and_without(string what, uint expected)
    {
        byte[] bytes = what switch
        {
            "zeros" => new byte[32],
            "ones" => [.. Enumerable.Repeat((byte)0xFF, 32)],
            "rising" => [.. Enumerable.Range(0, 32).Select(value => (byte)value)],
            "falling" => [.. Enumerable.Range(0, 32).Select(value => (byte)(31 - value))],
            _ => Encoding.ASCII.GetBytes(what),
        };

        Assert.Equal(expected, ~Crc32C.Append(uint.MaxValue, bytes));
        Assert.Equal(expected, ~Crc32C.ByTables(uint.MaxValue, bytes));
    }

    [Fact]
    public void The_tables_give_what_the_instruction_gives_however_the_bytes_are_cut() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[0, 100], Gen.UInt).Sample((bytes, cut, before) =>
        {
            cut = Math.Min(cut, bytes.Length);
            var head = Crc32C.ByTables(before, bytes.AsSpan(0, cut));
            return Crc32C.ByTables(head, bytes.AsSpan(cut)) == Crc32C.Append(before, bytes);
        });
}
