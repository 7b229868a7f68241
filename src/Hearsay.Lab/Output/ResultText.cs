using System.Globalization;
using System.Text;

namespace Hearsay.Lab;

/// <summary>A result as a person reads it in a terminal.</summary>
public static class ResultText
{
    private const int MostRows = 60;

    /// <summary>The summary, the rows and the claims.</summary>
    public static string Of(ExperimentResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Experiment}: {Line(result.Parameters)}");
        text.AppendLine();
        text.Append(Table(result.Results));
        text.AppendLine().AppendLine(Line(result.Summary));
        if (result.Claims.Count > 0)
        {
            text.AppendLine().Append(ClaimTable(result.Claims));
        }

        return text.ToString();
    }

    /// <summary>Claim, source, expected, measured, holds.</summary>
    public static string ClaimTable(IReadOnlyList<Claim> claims) => Columns(
        claims.Select(claim => new[]
        {
            claim.Id, claim.Source, claim.Expected, Claim.Text(claim.Measured), claim.Holds ? "yes" : "NO",
        }).Prepend(["claim", "source", "expected", "measured", "holds"]), leftColumns: 3);

    private static string Line(Row row) => string.Join(
        ", ", row.Where(value => value.Value is not null).Select(value => $"{value.Key} {Short(value.Value)}"));

    private static string Table(IReadOnlyList<Row> rows)
    {
        var names = rows.SelectMany(row => row.Names).Distinct().ToArray();
        var table = Columns(rows.Take(MostRows).Select(row => names.Select(name => Short(row[name])).ToArray())
            .Prepend(names), leftColumns: 0);
        return rows.Count > MostRows
            ? table + $"... and {rows.Count - MostRows} more rows: --json and --out have them all.\n"
            : table;
    }

    private static string Short(object? value) =>
        value is double number ? Claim.Text(number) : ResultCsv.Text(value);

    private static string Columns(IEnumerable<string[]> lines, int leftColumns)
    {
        var all = lines.ToList();
        var widths = Enumerable.Range(0, all[0].Length).Select(index => all.Max(line => line[index].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in all)
        {
            text.AppendLine(string.Join("  ", line.Select((cell, index) =>
                index < leftColumns ? cell.PadRight(widths[index]) : cell.PadLeft(widths[index]))).TrimEnd());
        }

        return text.ToString();
    }
}
