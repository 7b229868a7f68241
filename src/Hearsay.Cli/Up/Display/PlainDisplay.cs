using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Up.Display;

/// <summary>Plain lines, one per cycle: for files and pipes.</summary>
internal sealed class PlainDisplay(TextWriter output, UpSettings settings) : IUpDisplay
{
    private static readonly int[] s_widths = [5, 9, 5, 9, 6, 7, 5, 6, 8, 5];
    private bool _headed;

    /// <inheritdoc/>
    public bool ShowsSteadyState => true;

    /// <inheritdoc/>
    public Task ShowAsync(Func<Task> run) => run();

    /// <inheritdoc/>
    public void Note(string text) => output.WriteLine(text);

    /// <inheritdoc/>
    public void Line(string text) => output.WriteLine(text);

    /// <inheritdoc/>
    public void Row(UpRow row)
    {
        if (!_headed)
        {
            _headed = true;
            output.WriteLine(UpRow.Legend);
            output.WriteLine(Line(UpRow.Headings));
        }

        output.WriteLine(Line(row.Cells()));
    }

    /// <inheritdoc/>
    public void Peers(IReadOnlyList<string> lines) => output.WriteLine(string.Join(Environment.NewLine, lines));

    /// <inheritdoc/>
    public void Summary(UpResult result) =>
        output.WriteLine(string.Join(Environment.NewLine, SummaryText.Of(result, settings)));

    /// <summary>Texts in columns, numbers to the right.</summary>
    public static string Line(string[] cells) =>
        string.Join(" ", cells.Select((cell, index) => cell.PadLeft(s_widths[index]))).TrimEnd();
}
