using System.Diagnostics;
using Hearsay.Lab;

namespace Hearsay.Cli.Lab;

/// <summary>
/// Progress on standard error for whatever takes over two seconds: one line that is written over in a terminal, a line
/// every two seconds elsewhere. A thread of its own writes it, so that neither a step that reports nothing for long nor
/// one that keeps the whole pool of threads busy is silent.
/// </summary>
internal sealed class ProgressLine : ILabProgress, IDisposable
{
    /// <summary>With the start of the process it makes two seconds.</summary>
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly TextWriter _error;
    private readonly string _what;
    private readonly bool _rewrites;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private double _share;
    private long _reported;
    private bool _isShown;
    private bool _isDone;

    /// <summary>Writes from two seconds on until it is disposed.</summary>
    /// <param name="error">Where to.</param>
    /// <param name="what">What takes so long.</param>
    /// <param name="isMeasured">Whether it reports how far it is.</param>
    public ProgressLine(TextWriter error, string what, bool isMeasured = true)
    {
        (_error, _what, _share, _reported) = (error, what, isMeasured ? 0 : double.NaN, _start);
        _rewrites = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        _thread = new Thread(ShowUntilTheEnd) { IsBackground = true, Name = "progress" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Report(double share)
    {
        lock (_lock)
        {
            if (share > _share)
            {
                (_share, _reported) = (share, Stopwatch.GetTimestamp());
            }
        }
    }

    /// <summary>Writes a line that stays.</summary>
    public void Say(string line)
    {
        lock (_lock)
        {
            Clear();
            _error.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDone = true;
            Clear();
        }

        _end.Set();
        _thread.Join();
        _end.Dispose();
    }

    private void ShowUntilTheEnd()
    {
        for (var pause = s_first; !_end.Wait(pause); pause = _rewrites ? s_refresh : s_pause)
        {
            Show();
        }
    }

    private void Show()
    {
        lock (_lock)
        {
            if (_isDone)
            {
                return;
            }

            var line = ProgressText.Of(
                _what, _share, Stopwatch.GetElapsedTime(_start), Stopwatch.GetElapsedTime(_reported));
            _isShown = true;
            if (_rewrites)
            {
                _error.Write("\r" + line.PadRight(60));
            }
            else
            {
                _error.WriteLine(line);
            }
        }
    }

    private void Clear()
    {
        if (_rewrites && _isShown)
        {
            _error.Write("\r" + new string(' ', 60) + "\r");
            _isShown = false;
        }
    }
}
