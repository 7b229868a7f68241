namespace Hearsay.Cli;

/// <summary>
/// Says on standard error what a command waits for: after two seconds, and again whenever the answer has changed.
/// Nobody likes to look at a command that says nothing.
/// </summary>
internal sealed class Patience : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TextWriter _error;
    private readonly Func<string> _waitsFor;
    private readonly Timer _timer;
    private string _said = string.Empty;
    private bool _isOver;

    /// <summary>Waits from now on until it is disposed.</summary>
    /// <param name="error">Where it is said.</param>
    /// <param name="waitsFor">What for, at this moment; called by a timer on any thread.</param>
    public Patience(TextWriter error, Func<string> waitsFor)
    {
        (_error, _waitsFor) = (error, waitsFor);
        _timer = new Timer(_ => Say(), null, s_pause, s_pause);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isOver = true;
        }
    }

    private void Say()
    {
        lock (_lock)
        {
            var now = _isOver ? _said : _waitsFor();
            if (now != _said)
            {
                _said = now;
                _error.WriteLine(now);
            }
        }
    }
}
