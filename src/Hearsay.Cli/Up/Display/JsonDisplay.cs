using System.Diagnostics;
using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Up.Display;

/// <summary>One JSON object to standard output at the end; progress to standard error.</summary>
/// <param name="output">For the object.</param>
/// <param name="error">For progress.</param>
/// <param name="everyCycle">Whether progress is one line per cycle; else one every two seconds.</param>
internal sealed class JsonDisplay(TextWriter output, TextWriter error, bool everyCycle) : IUpDisplay
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1.5);
    private long _lastLine;

    /// <inheritdoc/>
    public bool ShowsSteadyState => false;

    /// <inheritdoc/>
    public Task ShowAsync(Func<Task> run) => run();

    /// <inheritdoc/>
    public void Note(string text) => error.WriteLine(text);

    /// <inheritdoc/>
    public void Line(string text) => error.WriteLine(text);

    /// <inheritdoc/>
    public void Row(UpRow row)
    {
        if (_lastLine == 0)
        {
            error.WriteLine(PlainDisplay.Line(UpRow.Headings));
        }

        if (everyCycle || _lastLine == 0 || Stopwatch.GetElapsedTime(_lastLine) > s_pause)
        {
            _lastLine = Stopwatch.GetTimestamp();
            error.WriteLine(PlainDisplay.Line(row.Cells()));
        }
    }

    /// <inheritdoc/>
    public void Peers(IReadOnlyList<string> lines) => error.WriteLine(string.Join(Environment.NewLine, lines));

    /// <inheritdoc/>
    public void Summary(UpResult result) => output.WriteLine(result.ToJson());
}
