namespace Hearsay.Agent.Shell;

/// <summary>
/// Says on standard error what a command waits for: before two seconds are over, and again whenever the answer has
/// changed. Nobody likes to look at a command that says nothing. What counts down is one line on a terminal.
/// </summary>
internal sealed class Patience : IDisposable
{
    /// <summary>With the start of the process it makes two seconds.</summary>
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TextWriter _error;
    private readonly Func<string> _waitsFor;
    private readonly bool _rewrites;
    private readonly Timer _timer;
    private string _said = string.Empty;
    private bool _isOver;

    /// <summary>Waits from now on until it is disposed.</summary>
    /// <param name="error">Where it is said.</param>
    /// <param name="waitsFor">
    /// What for, at this moment, or nothing while there is nothing to say; called by a timer on any thread.
    /// </param>
    /// <param name="counts">Whether it changes all the time: then a terminal shows the latest only.</param>
    /// <param name="silentFor">How long nothing was said before.</param>
    public Patience(TextWriter error, Func<string> waitsFor, bool counts = false, TimeSpan silentFor = default)
    {
        (_error, _waitsFor) = (error, waitsFor);
        _rewrites = counts && IsTerminal(error);
        var first = s_first - silentFor;
        _timer = new Timer(_ => Say(), null, first > TimeSpan.Zero ? first : TimeSpan.Zero, s_pause);
    }

    /// <summary>Whether what is written there can be written over.</summary>
    public static bool IsTerminal(TextWriter error) =>
        ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    /// <summary>Something else is written now: what a terminal shows of this gives way to it.</summary>
    public void GiveWay()
    {
        lock (_lock)
        {
            if (!_isOver && _rewrites && _said.Length > 0)
            {
                _error.Write($"\r{new string(' ', _said.Length)}\r");
                _said = string.Empty;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            GiveWay();
            _isOver = true;
        }
    }

    private void Say()
    {
        lock (_lock)
        {
            var now = _isOver ? _said : _waitsFor();
            if (now == _said)
            {
                return;
            }

            if (_rewrites)
            {
                _error.Write("\r" + now.PadRight(_said.Length));
            }
            else if (now.Length > 0)
            {
                _error.WriteLine(now);
            }

            _said = now;
        }
    }
}
