using System.Globalization;
using System.Text;

namespace Hearsay.Lab;

/// <summary>The rows of a result as comma-separated values, with a heading.</summary>
public static class ResultCsv
{
    /// <summary>The text; columns are all names that occur, in the order in which they first do.</summary>
    public static string Of(IReadOnlyList<Row> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var names = rows.SelectMany(row => row.Names).Distinct().ToArray();
        var text = new StringBuilder().AppendLine(string.Join(',', names.Select(Quoted)));
        foreach (var row in rows)
        {
            text.AppendLine(string.Join(',', names.Select(name => Quoted(Text(row[name])))));
        }

        return text.ToString();
    }

    /// <summary>A value as text, the same everywhere.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    internal static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
