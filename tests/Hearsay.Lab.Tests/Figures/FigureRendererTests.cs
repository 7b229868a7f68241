using System.Text.RegularExpressions;

namespace Hearsay.Lab.Tests.Figures;

/// <summary>What a reader finds written in a picture.</summary>
public sealed partial class FigureRendererTests
{
    [Fact]
    public void A_logarithmic_axis_says_so_and_has_powers_of_ten_where_numbers_would_be_zeros()
    {
        var words = WordsOf(new LineFigure("f", "title", "cycle", "error (%)", [CurveOf(1, 1e-8)])
        {
            LogVertical = true,
        });
        Assert.Contains("error (%, log scale)", words);
        Assert.Contains("cycle", words);
        Assert.Contains("10⁻⁸", words);
        Assert.Contains("1", words);
    }

    [Fact]
    public void A_short_logarithmic_axis_has_numbers_in_between()
    {
        var words = WordsOf(new LineFigure("f", "title", "cycle", "nodes", [CurveOf(400, 3_000)])
        {
            LogVertical = true,
        });
        Assert.Contains("nodes (log scale)", words);
        Assert.Contains("500", words);
        Assert.Contains("1,000", words);
        Assert.Contains("2,000", words);
    }

    [Fact]
    public void Whole_numbers_have_no_ticks_in_between()
    {
        var whole = WordsOf(new LineFigure("f", "title", "fanout", "rounds", [CurveOf(3, 5)]));
        Assert.DoesNotContain(whole, word => word.Contains('.', StringComparison.Ordinal));
        var broken = WordsOf(new LineFigure("f", "title", "fanout", "share", [CurveOf(0.25, 1)]));
        Assert.Contains(broken, word => word.Contains('.', StringComparison.Ordinal));
    }

    [Fact]
    public void Title_curves_laws_and_known_values_are_named()
    {
        var words = WordsOf(new LineFigure(
            "f", "what is seen", "cycle", "share", [CurveOf(0, 1), CurveOf(0, 1) with { Label = "law", IsLaw = true }])
        {
            References = [new Reference("all (1)", 1)],
        });
        Assert.All(["what is seen", "measured", "law", "all (1)"], word => Assert.Contains(word, words));
    }

    [Fact]
    public void A_gap_in_a_curve_and_an_empty_figure_can_be_drawn()
    {
        var gap = new Curve("measured", [(1, 1), (1.5, double.NaN), (2, 3)]);
        Assert.Contains("measured", WordsOf(new LineFigure("f", "t", "x", "y", [gap]) { LogVertical = true }));
        Assert.NotEmpty(FigureRenderer.ToPng(new LineFigure("f", "t", "x", "y", []) { LogVertical = true }));
    }

    private static Curve CurveOf(double first, double last) => new("measured", [(0, first), (1, last)]);

    private static string[] WordsOf(Figure figure) =>
        [.. Texts().Matches(FigureRenderer.ToSvg(figure)).Select(match => match.Groups[1].Value.Trim())];

    [GeneratedRegex("<text[^>]*>([^<]*)</text>")]
    private static partial Regex Texts();
}
