using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Hearsay.Lab;

/// <summary>Draws figures as SVG and PNG.</summary>
public static class FigureRenderer
{
    private const int Width = 860;
    private const int Height = 520;
    private const int TitleColumns = 70;
    private const int RightMargin = 30;
    private const float PlainLine = 2;
    private const float WidestLine = 6;
    private const float NarrowestLine = 1.5f;

    /// <summary>An axis that goes below this power of ten has powers for labels: nobody counts zeros.</summary>
    private const int LeastPlainPower = -4;

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>A logarithmic axis shorter than so many powers of ten has labels in between.</summary>
    private const double ShortAxisPowers = 1.7;

    /// <summary>Known values have a colour that no curve has.</summary>
    private static readonly Color s_referenceColour = Color.FromHex("#555555");

    /// <summary>A law is a pale band, on which what follows it can be seen to lie.</summary>
    private static readonly Color s_lawColour = Color.FromHex("#C8C8C8");

    private static readonly LinePattern[] s_referencePatterns =
        [LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    private static readonly Color[] s_colours =
    [
        Color.FromHex("#0072B2"), Color.FromHex("#D55E00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7"),
        Color.FromHex("#E69F00"), Color.FromHex("#56B4E9"), Color.FromHex("#6A3D9A"), Color.FromHex("#8C6D31"),
        Color.FromHex("#000000"), Color.FromHex("#7FBF3F"), Color.FromHex("#B22222"),
    ];

    /// <summary>The picture as SVG text.</summary>
    public static string ToSvg(Figure figure) => Draw(figure).GetSvgXml(Width, Height)
        .Replace("<image ", "<image style=\"image-rendering:pixelated\" ", StringComparison.Ordinal);

    /// <summary>The picture as PNG bytes.</summary>
    public static byte[] ToPng(Figure figure) => Draw(figure).GetImageBytes(Width, Height, ImageFormat.Png);

    private static Plot Draw(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var plot = new Plot();
        plot.Title(Wrapped(figure.Title), size: 16);
        var lines = figure as LineFigure;
        plot.XLabel(AxisLabel(figure.Horizontal, lines?.LogHorizontal == true), size: 14);
        plot.YLabel(AxisLabel(figure.Vertical, lines?.LogVertical == true), size: 14);

        // Room between a label and long tick labels, whose width is not measured well in every font.
        ((ScottPlot.AxisPanels.LeftAxis)plot.Axes.Left).PaddingBetweenTickAndAxisLabels = new PixelPadding(16, 0, 0, 0);
        plot.Axes.Title.Label.Bold = plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        if (lines is not null)
        {
            DrawLines(plot, lines);
        }
        else if (figure is HeatMapFigure map)
        {
            DrawMap(plot, map);
        }

        return plot;
    }

    /// <summary>Quantity and unit, and that the scale is logarithmic where it is.</summary>
    private static string AxisLabel(string label, bool log) =>
        !log ? label : label.EndsWith(')') ? $"{label[..^1]}, log scale)" : $"{label} (log scale)";

    /// <summary>A long title on two lines, broken at its last colon.</summary>
    private static string Wrapped(string title) => title.Length <= TitleColumns || !title.Contains(": ")
        ? title : title.Insert(title.LastIndexOf(": ", StringComparison.Ordinal) + 1, "\n");

    private static void DrawLines(Plot plot, LineFigure figure)
    {
        foreach (var (index, curve) in figure.Curves.OrderBy(curve => curve.IsLaw).Index())
        {
            DrawCurve(plot, figure, curve, s_colours[index % s_colours.Length], WidthOf(figure, index));
        }

        foreach (var (index, reference) in figure.References.Index())
        {
            var line = plot.Add.HorizontalLine(Scale(reference.Value, figure.LogVertical));
            line.LinePattern = s_referencePatterns[index % s_referencePatterns.Length];
            line.LineWidth = 1.5f;
            line.Color = s_referenceColour;
            line.LegendText = reference.Label;
        }

        if (figure.Categories.Count > 0)
        {
            NameCategories(plot, figure.Categories);
        }
        else
        {
            SetTicks(plot.Axes.Bottom, figure.LogHorizontal,
                [.. figure.Curves.SelectMany(curve => curve.Points.Select(point => point.X))]);
        }

        SetTicks(plot.Axes.Left, figure.LogVertical,
        [
            .. figure.Curves.SelectMany(curve => curve.Points.Select(point => point.Y)),
            .. figure.References.Select(reference => reference.Value),
        ]);

        // The label of a tick at the right end needs room.
        plot.Axes.Right.MinimumSize = RightMargin;
        plot.Axes.Margins(figure.Categories.Count > 0 ? 0.1 : 0.02, 0.08);
        var legend = plot.ShowLegend(Edge.Bottom);
        legend.Legend.Orientation = Orientation.Horizontal;
        legend.Legend.FontSize = 12;
        legend.Legend.SymbolWidth = 34;
        legend.Legend.OutlineWidth = 0;
        legend.Legend.ShadowColor = Colors.Transparent;
    }

    private static float WidthOf(LineFigure figure, int index) => figure.MayCover
        ? WidestLine - ((WidestLine - NarrowestLine) * index / Math.Max(1, figure.Curves.Count(c => !c.IsLaw) - 1))
        : PlainLine;

    private static void DrawCurve(Plot plot, LineFigure figure, Curve curve, Color colour, float width)
    {
        var points = curve.Points
            .Where(point => !(figure.LogHorizontal && point.X <= 0) && !(figure.LogVertical && point.Y <= 0)).ToArray();
        if (points.Length == 0)
        {
            return;
        }

        var scatter = plot.Add.Scatter(
            Array.ConvertAll(points, point => Scale(point.X, figure.LogHorizontal)),
            Array.ConvertAll(points, point => Scale(point.Y, figure.LogVertical)));
        scatter.Color = colour;
        scatter.LegendText = curve.Label;
        var apart = figure.Categories.Count > 0;
        scatter.LineWidth = curve.IsOracle || apart ? 0 : width;
        scatter.MarkerShape = curve.IsOracle ? MarkerShape.OpenCircle : MarkerShape.FilledCircle;
        scatter.MarkerSize = curve.IsOracle || apart ? 10 : points.Length > 40 ? 0 : 5;
        if (curve.IsLaw)
        {
            (scatter.Color, scatter.MarkerSize) = (s_lawColour, 0);
            scatter.LineWidth = figure.MayCover ? WidestLine + PlainLine + PlainLine : WidestLine + 1;
            plot.MoveToBack(scatter);
        }
    }

    /// <summary>Ticks of a linear axis are not divided: between two cycles there is nothing.</summary>
    private static void SetTicks(IAxis axis, bool log, double[] values)
    {
        values = Array.FindAll(values, double.IsFinite);
        if (log)
        {
            axis.TickGenerator = LogTicks(values);
            return;
        }

        axis.MinorTickStyle.Length = 0;
        axis.TickGenerator = new NumericAutomatic { IntegerTicksOnly = values.All(double.IsInteger) };
    }

    private static void NameCategories(Plot plot, IReadOnlyList<string> names)
    {
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. Enumerable.Range(1, names.Count).Select(place => (double)place)], [.. names]);
    }

    private static double Scale(double value, bool log) => log ? Math.Log10(value) : value;

    private static ITickGenerator LogTicks(double[] values)
    {
        double[] shown = [.. values.Where(value => value > 0).Select(Math.Log10)];
        if (shown.Length > 0 && shown.Max() - shown.Min() < ShortAxisPowers)
        {
            return ShortLogTicks(shown.Min(), shown.Max());
        }

        var plain = shown.Length == 0 || shown.Min() > LeastPlainPower - 1;
        return new NumericAutomatic
        {
            MinorTickGenerator = new LogMinorTickGenerator(),
            IntegerTicksOnly = true,
            LabelFormatter = power => plain
                ? Math.Pow(10, power).ToString("#,0.####", CultureInfo.InvariantCulture) : Power((int)power),
        };
    }

    /// <summary>1,000, 0.02, 5·10⁻⁴.</summary>
    private static string TickText(double tick)
    {
        var power = (int)Math.Floor(Math.Log10(tick) + 1e-9);
        return power > LeastPlainPower
            ? tick.ToString("#,0.####", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{tick / Math.Pow(10, power):0.#}·{Power(power)}");
    }

    /// <summary>A power of ten as people write it.</summary>
    private static string Power(int power) => power == 0 ? "1" : "10" + (power < 0 ? "⁻" : "")
        + string.Concat($"{Math.Abs(power)}".Select(digit => Superscripts[digit - '0']));

    /// <summary>One, two and five of every power, and the steps between them where that would be few.</summary>
    private static NumericManual ShortLogTicks(double least, double most)
    {
        double[] steps = most - least < ShortAxisPowers / 2 ? [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9] : [1, 2, 5];
        double[] ticks = [.. from power in Enumerable.Range((int)Math.Floor(least) - 1, (int)(most - least) + 4)
                             from step in steps
                             select step * Math.Pow(10, power)];
        return new NumericManual(
            Array.ConvertAll(ticks, Math.Log10), Array.ConvertAll(ticks, TickText));
    }

    private static void DrawMap(Plot plot, HeatMapFigure figure)
    {
        var cells = new double[figure.Rows.Count, figure.Columns.Count];
        for (var row = 0; row < figure.Rows.Count; row++)
        {
            for (var column = 0; column < figure.Columns.Count; column++)
            {
                var value = figure.Values[row][column];

                // A heat map's first row is at the top; parameters grow upwards.
                cells[figure.Rows.Count - 1 - row, column] = value;
                if (!double.IsNaN(value))
                {
                    AddCellText(plot, figure, value, figure.Columns[column], figure.Rows[row]);
                }
            }
        }

        var map = plot.Add.Heatmap(cells);
        map.Colormap = new ScottPlot.Colormaps.Viridis();
        map.NaNCellColor = Colors.Transparent;

        // The extent is that of the cells' centres.
        map.Extent = new CoordinateRect(figure.Columns[0], figure.Columns[^1], figure.Rows[0], figure.Rows[^1]);
        plot.MoveToBack(map);
        plot.Axes.Bottom.TickGenerator = TicksAt(figure.Columns);
        plot.Axes.Left.TickGenerator = TicksAt(figure.Rows);
        var bar = plot.Add.ColorBar(map);
        bar.Label = "";
        plot.Title(Wrapped(figure.Title) + "\ncolour: " + figure.Unit, size: 14);
        plot.HideGrid();
    }

    private static void AddCellText(Plot plot, HeatMapFigure figure, double value, double x, double y)
    {
        var known = figure.Values.SelectMany(row => row).Where(cell => !double.IsNaN(cell)).ToArray();
        var middle = (known.Min() + known.Max()) / 2;
        var digits = Math.Abs(value) < 0.1 ? "0.0000" : Math.Abs(value) < 1 ? "0.000" : "0.00";
        var text = plot.Add.Text(value.ToString(digits, CultureInfo.InvariantCulture), x, y);
        text.LabelAlignment = Alignment.MiddleCenter;
        text.LabelFontSize = figure.Columns.Count > 8 ? 9 : 12;
        text.LabelFontColor = value > middle ? Colors.Black : Colors.White;
    }

    private static NumericManual TicksAt(IReadOnlyList<double> values) =>
        new([.. values], [.. values.Select(value => value.ToString("0.##", CultureInfo.InvariantCulture))]);
}
