using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;
using Spectre.Console;

namespace Hearsay.Cli.Up.Display;

/// <summary>A table in the terminal that grows by a row per cycle, with a headline over it.</summary>
internal sealed class TerminalDisplay : IUpDisplay
{
    private readonly IAnsiConsole _console;
    private readonly UpSettings _settings;
    private readonly Table _table = new Table().Border(TableBorder.Simple).Collapse();
    private readonly List<string> _after = [];
    private LiveDisplayContext? _live;

    /// <summary>A display that shows nothing yet.</summary>
    public TerminalDisplay(IAnsiConsole console, UpSettings settings)
    {
        (_console, _settings) = (console, settings);
        foreach (var heading in UpRow.Headings)
        {
            _table.AddColumn(new TableColumn(new Markup($"[grey]{heading}[/]")).RightAligned().NoWrap().Padding(0, 0));
        }

        _table.Caption(UpRow.Legend, new Style(Color.Grey));
    }

    /// <inheritdoc/>
    public bool ShowsSteadyState => true;

    /// <inheritdoc/>
    public async Task ShowAsync(Func<Task> run)
    {
        await _console.Live(_table)
            .Overflow(VerticalOverflow.Crop)
            .Cropping(VerticalOverflowCropping.Top)
            .StartAsync(async live =>
            {
                _live = live;
                await run().ConfigureAwait(false);
            }).ConfigureAwait(false);
        _live = null;
        _after.ForEach(line => _console.MarkupLineInterpolated($"{line}"));
    }

    /// <inheritdoc/>
    public void Note(string text)
    {
        if (_live is null)
        {
            _console.MarkupLineInterpolated($"[grey]{text}[/]");
            return;
        }

        _table.Title = new TableTitle(Markup.Escape(text), new Style(decoration: Decoration.Bold));
        _live.Refresh();
    }

    /// <inheritdoc/>
    public void Line(string text)
    {
        Note(text);
        _after.Add(text);
    }

    /// <inheritdoc/>
    public void Row(UpRow row)
    {
        var cells = row.Cells();
        var overlay = row.Overlay;
        Colour(cells, 1, overlay.Joined == overlay.Live);
        Colour(cells, 2, overlay.MeanView >= 0.99 * Math.Min(_settings.Sampling.ViewSize, overlay.Live - 1));
        Colour(cells, 6, overlay.Components == 1);
        Colour(cells, 9, overlay.DeadLinks == 0);
        _table.AddRow(cells);
        _live?.Refresh();
    }

    /// <inheritdoc/>
    public void Peers(IReadOnlyList<string> lines) => _after.AddRange(lines);

    /// <inheritdoc/>
    public void Summary(UpResult result)
    {
        foreach (var line in SummaryText.Of(result, _settings))
        {
            _console.MarkupLineInterpolated($"{line}");
        }
    }

    private static void Colour(string[] cells, int index, bool isAsItShouldBe) =>
        cells[index] = $"[{(isAsItShouldBe ? "green" : "yellow")}]{cells[index]}[/]";
}
