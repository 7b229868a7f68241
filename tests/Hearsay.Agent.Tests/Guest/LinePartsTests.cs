using System.Text;
using Hearsay.Agent.Guest;

namespace Hearsay.Agent.Tests.Guest;

public sealed class LinePartsTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\nb\n", 2)]
    public async Task Short_input_is_one_part_or_none(string text, int lines)
    {
        var parts = await ReadAsync(Encoding.UTF8.GetBytes(text));
        Assert.Equal(text, string.Concat(parts.Select(static part => part.Text)));
        Assert.Equal(lines == 0 ? 0 : 1, parts.Count);
    }

    [Fact]
    public async Task Parts_end_with_a_line_and_say_with_which_they_begin()
    {
        var text = string.Join('\n', Enumerable.Range(0, 9_000).Select(
            static i => new string((char)('a' + (i % 26)), i % 700)));
        var parts = await ReadAsync(Encoding.UTF8.GetBytes(text));

        Assert.Equal(text, string.Concat(parts.Select(static part => part.Text)));
        Assert.True(parts.Count >= 3, $"{parts.Count} parts");
        var line = 1L;
        foreach (var (part, first) in parts)
        {
            Assert.Equal(line, first);
            Assert.True(part.EndsWith('\n') || part == parts[^1].Text);
            Assert.InRange(part.Length, 1, LineParts.PartBytes);
            line += part.Count(static letter => letter == '\n');
        }
    }

    [Fact]
    public async Task A_line_may_be_longer_than_a_part_and_not_longer_than_a_call()
    {
        var input = new byte[LineParts.LongestLineBytes];
        Array.Fill(input, (byte)'x');
        input[^1] = (byte)'\n';
        var part = Assert.Single(await ReadAsync(input));
        Assert.Equal(input.Length, part.Text.Length);

        var error = await Assert.ThrowsAsync<FormatException>(
            () => ReadAsync([.. "ok\n"u8, .. input[..^1], .. input]));
        Assert.StartsWith("Line 2: ", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<(string Text, long FirstLine)>> ReadAsync(byte[] input)
    {
        var parts = new List<(string, long)>();
        using var stream = new MemoryStream(input);
        await foreach (var (bytes, line) in LineParts.ReadAsync(stream, TestContext.Current.CancellationToken))
        {
            parts.Add((Encoding.UTF8.GetString(bytes.Span), line));
        }

        return parts;
    }
}
