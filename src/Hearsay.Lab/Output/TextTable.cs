using System.Text;

namespace Hearsay.Lab.Output;

/// <summary>
/// Cells in columns for a terminal. A table that is wider than the terminal is continued below with the columns that
/// did not fit, behind the first column again: a terminal would break its lines anywhere, also inside a number.
/// </summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <summary>The table as lines.</summary>
    /// <param name="lines">Its lines, the headings first; all of one length.</param>
    /// <param name="leftColumns">
    /// How many columns stand to the left; the others are numbers and stand to the right.
    /// </param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(IReadOnlyList<string[]> lines, int leftColumns, int width)
    {
        int[] widths =
            [.. Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (var columns in Blocks(widths, width))
        {
            text.Append(text.Length > 0 ? Environment.NewLine : "");
            foreach (var line in lines)
            {
                text.AppendLine(string.Join(Gap, columns.Select(column => column < leftColumns
                    ? line[column].PadRight(widths[column])
                    : line[column].PadLeft(widths[column]))).TrimEnd());
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Which columns stand beside each other; every block but the first begins with the first column.
    /// </summary>
    private static List<List<int>> Blocks(int[] widths, int width)
    {
        List<List<int>> blocks = [];
        var used = 0;
        for (var column = 0; column < widths.Length; column++)
        {
            var more = Gap.Length + widths[column];
            if (blocks.Count == 0 || (used + more > width && blocks[^1].Count > 1))
            {
                blocks.Add(column == 0 ? [] : [0]);
                used = column == 0 ? -Gap.Length : widths[0];
            }

            blocks[^1].Add(column);
            used += more;
        }

        return blocks;
    }
}
