using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Up.Display;

/// <summary>A display that repeats its last note with the seconds since, when nothing was shown for a while.</summary>
internal sealed class PulseDisplay : IUpDisplay, IDisposable
{
    /// <summary>With a look of the timer, two seconds.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.75);

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(0.25);

    private readonly Lock _lock = new();
    private readonly IUpDisplay _display;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private string _note = string.Empty;
    private long _noted;
    private long _shown;
    private bool _isShowing;

    /// <summary>Repeats notes while a run is shown.</summary>
    /// <param name="display">Shows everything.</param>
    /// <param name="time">Says when it is time.</param>
    public PulseDisplay(IUpDisplay display, TimeProvider time)
    {
        (_display, _time, _shown) = (display, time, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Look(), null, s_look, s_look);
    }

    /// <inheritdoc/>
    public bool ShowsSteadyState => _display.ShowsSteadyState;

    /// <inheritdoc/>
    public async Task ShowAsync(Func<Task> run)
    {
        await _display.ShowAsync(() =>
        {
            _isShowing = true;
            return run();
        }).ConfigureAwait(false);
        lock (_lock)
        {
            _isShowing = false;
        }
    }

    /// <inheritdoc/>
    public void Note(string text) => Show(() =>
    {
        (_note, _noted) = (text, _time.GetTimestamp());
        _display.Note(text);
    });

    /// <inheritdoc/>
    public void Rest(string text) => Show(() =>
    {
        _note = string.Empty;
        _display.Rest(text);
    });

    /// <inheritdoc/>
    public void Line(string text) => Show(() => _display.Line(text));

    /// <inheritdoc/>
    public void Row(UpRow row) => Show(() => _display.Row(row));

    /// <inheritdoc/>
    public void Peers(IReadOnlyList<string> lines) => Show(() => _display.Peers(lines));

    /// <inheritdoc/>
    public void Summary(UpResult result) => Show(() => _display.Summary(result));

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Show(Action show)
    {
        lock (_lock)
        {
            show();
            _shown = _time.GetTimestamp();
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_isShowing && _note.Length > 0 && _time.GetElapsedTime(_shown) > s_patience)
            {
                _display.Note($"{_note} ({_time.GetElapsedTime(_noted).TotalSeconds:0} s)");
                _shown = _time.GetTimestamp();
            }
        }
    }
}
