using System.Globalization;
using System.Text;
using Hearsay.Lab.Output;

namespace Hearsay.Lab;

/// <summary>A result as a person reads it in a terminal.</summary>
public static class ResultText
{
    private const int MostRows = 60;

    /// <summary>The summary, the rows and the claims.</summary>
    /// <param name="result">What a run found.</param>
    /// <param name="width">
    /// The columns of the terminal; default unlimited. Columns of a table that do not fit stand in a table below it.
    /// </param>
    public static string Of(ExperimentResult result, int width = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        text.AppendLine(TextWrap.Of($"{result.Experiment}: {Line(result.Parameters)}", width));
        text.AppendLine();
        text.Append(Table(result.Results, width));
        text.AppendLine().AppendLine(TextWrap.Of(Line(result.Summary), width));
        if (result.Claims.Count > 0)
        {
            text.AppendLine().Append(ClaimTable(result.Claims, width));
        }

        return text.ToString();
    }

    /// <summary>Claim, source, expected, measured, holds.</summary>
    /// <param name="claims">What was expected and measured.</param>
    /// <param name="width">The columns of the terminal; default unlimited.</param>
    public static string ClaimTable(IReadOnlyList<Claim> claims, int width = int.MaxValue) => TextTable.Of(
        [.. claims.Select(claim => new[]
        {
            claim.Id, claim.Source, claim.Expected, Claim.Text(claim.Measured), claim.Holds ? "yes" : "NO",
        }).Prepend(["claim", "source", "expected", "measured", "holds"])], leftColumns: 3, width);

    private static string Line(Row row) => string.Join(
        ", ", row.Where(value => value.Value is not null).Select(value => $"{value.Key} {Short(value.Value)}"));

    private static string Table(IReadOnlyList<Row> rows, int width)
    {
        var names = rows.SelectMany(row => row.Names).Distinct().ToArray();
        var table = TextTable.Of(
            [.. rows.Take(MostRows).Select(row => names.Select(name => Short(row[name])).ToArray()).Prepend(names)],
            leftColumns: 0, width);
        return rows.Count > MostRows
            ? table + $"... and {rows.Count - MostRows} more rows: --json and --out have them all.\n"
            : table;
    }

    private static string Short(object? value) =>
        value is double number ? Claim.Text(number) : ResultCsv.Text(value);
}
