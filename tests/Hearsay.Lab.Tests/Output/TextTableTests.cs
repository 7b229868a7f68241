using Hearsay.Lab.Output;

namespace Hearsay.Lab.Tests.Output;

public sealed class TextTableTests
{
    private static readonly string[][] s_lines = [["cycle", "fanout", "mean"], ["1", "20", "3.25"]];

    [Fact]
    public void Numbers_stand_to_the_right_under_their_headings() => Assert.Equal(
        Lines("cycle  fanout  mean", "    1      20  3.25"), TextTable.Of(s_lines, 0, 80));

    [Fact]
    public void Columns_that_do_not_fit_the_terminal_stand_below_behind_the_first_one() => Assert.Equal(
        Lines("cycle  fanout", "    1      20", "", "cycle  mean", "    1  3.25"), TextTable.Of(s_lines, 0, 18));

    [Fact]
    public void A_column_is_never_dropped_however_narrow_the_terminal()
    {
        var text = TextTable.Of(s_lines, 0, 1);
        Assert.All(s_lines[0], heading => Assert.Contains(heading, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Text_breaks_at_spaces_only() =>
        Assert.Equal($"fanout 20,{Environment.NewLine}nodes 500", TextWrap.Of("fanout 20, nodes 500", 12));

    private static string Lines(params string[] lines) =>
        string.Concat(lines.Select(line => line + Environment.NewLine));
}
