using System.Text.Json;

namespace Hearsay.Cli.Tests.Learn;

/// <summary>
/// Every number in the text of a chapter is one that a command prints, or is listed as given; the sheets in Numbers/
/// say which. <see cref="ChapterTests"/> runs the commands and compares.
/// </summary>
public sealed class ChapterNumbersTests
{
    private const string Chapter = "# 9. A chapter\n\nOf 10,000 nodes **4.2 %** never\nhear, as `--k 1` says.\n";

    private const string Sheet = """
        # a comment
        given 10,000
        $ hearsay lab run rumor # 1 s
        **«4.2» %** never hear :: results[k=1].residue * 100
        """;

    public static TheoryData<string> Names => new(Chapters.All.Select(static chapter => chapter.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_of_a_chapter_is_printed_by_a_command_or_given(string name)
    {
        var text = Chapters.All.Single(chapter => chapter.Name == name).Text;
        var sheet = NumberSheet.Of(name);
        var blocks = Chapters.Lines(text).Select(Chapters.CommandOf).ToHashSet();
        List<string> wrong =
        [
            .. sheet.Strangers(text),
            .. sheet.Unknown(text).Select(static number => $"Neither printed nor given: {number}"),
            .. sheet.Superfluous(text).Select(static number => $"Given, and not in the chapter: {number}"),
            .. sheet.Commands.Where(told => told.Value.Seconds == 0 && !blocks.Contains(told.Key))
                .Select(static told => $"How long does it take? {told.Key}"),
        ];
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Control_a_changed_number_is_found()
    {
        var sheet = NumberSheet.Read("9-x", Sheet);
        var named = Chapter + "\n`lab run rumor`";
        Assert.Empty(sheet.Strangers(named));
        Assert.Empty(sheet.Unknown(named));
        Assert.NotEmpty(sheet.Strangers(Chapter));
        Assert.NotEmpty(sheet.Strangers(named.Replace("4.2", "4.3", StringComparison.Ordinal)));
        Assert.NotEmpty(sheet.Unknown(named.Replace("10,000", "20,000", StringComparison.Ordinal)));
        Assert.NotEmpty(sheet.Superfluous(named.Replace("10,000", "20,000", StringComparison.Ordinal)));
        Assert.NotEmpty(NumberSheet.Read("9-x", "given 10,000").Unknown(named));
    }

    [Theory]
    [InlineData("«4.2» %", "results[k=1].residue * 100", "", true)]
    [InlineData("«4.1» %", "results[k=1].residue * 100", "", false)]
    [InlineData("«4» %", "results[k=1].residue * 100", "", true)]
    [InlineData("«4.1» %", "results[k=1].residue * 100", "± 0.2", true)]
    [InlineData("«5» %", "results[k=1].residue * 100", "<", true)]
    [InlineData("«4» %", "results[k=1].residue * 100", "<", false)]
    [InlineData("«4» %", "results[k=1].residue * 100", ">=", true)]
    [InlineData("«half»", "results[name=two words].residue / (summary.sum - 1)", "0.5 ± 0.01", true)]
    [InlineData("«a third»", "results[k=2].residue / (summary.sum - 1)", "0.33 ± 0.01", false)]
    [InlineData("«12,000»", "summary.sum * 6000", "", true)]
    [InlineData("«0.5»", "max(results[].residue) / count(results[]) * 2", "", true)]
    [InlineData("«0.042»", "min(results[].residue)", "", true)]
    [InlineData("«1»", "results[last].holds + results[0].k - 1", "", true)]
    public void A_number_is_compared_as_its_rule_says(string quote, string expression, string rule, bool holds)
    {
        using var printed = JsonDocument.Parse("""
            { "summary": { "sum": 2 }, "results": [{ "k": 1, "residue": 0.042, "name": "one" },
              { "k": 2, "residue": 0.5, "name": "two words", "holds": true }] }
            """);
        Assert.Equal(holds, new PrintedNumber("9-x", quote, expression, rule).Compare(printed.RootElement) is null);
    }

    [Theory]
    [InlineData("results[k=3].residue")]
    [InlineData("results[].residue")]
    [InlineData("summary.none")]
    [InlineData("summary.sum &")]
    [InlineData("(summary.sum")]
    [InlineData("summary.sum summary.sum")]
    public void An_expression_that_names_no_single_value_is_refused(string expression)
    {
        using var printed = JsonDocument.Parse("""
            { "summary": { "sum": 2 }, "results": [{ "k": 1, "residue": 1 }, { "k": 2, "residue": 1 }] }
            """);
        Assert.Throws<FormatException>(() => PrintedValue.Of(printed.RootElement, expression));
    }
}
