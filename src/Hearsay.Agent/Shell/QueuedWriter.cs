using System.Text;
using Hearsay.Threads;

namespace Hearsay.Agent.Shell;

/// <summary>
/// Hands what is written to a thread of its own, so that nobody waits for who reads it: a pipe that is open and not
/// read blocks its writer for ever. What is more than waits is lost.
/// </summary>
internal sealed class QueuedWriter : TextWriter
{
    /// <summary>Texts that may wait.</summary>
    public const int Capacity = 1024;

    /// <summary>How long the end waits for what has been written.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TextWriter _inner;
    private readonly Action? _lost;
    private readonly Thread? _thread;

    /// <summary>Guards what follows; the thread waits on it.</summary>
    private readonly object _gate = new();
    private readonly Queue<string> _waiting = new();
    private bool _hasLost;
    private bool _hasEnded;

    /// <summary>A writer.</summary>
    /// <param name="inner">Where it goes; left open.</param>
    /// <param name="lost">Told when the first text is lost; null if there is nobody to tell.</param>
    /// <param name="threads">Starts the thread; null for the process's. Without one, writers wait after all.</param>
    public QueuedWriter(TextWriter inner, Action? lost = null, ThreadStarter? threads = null)
    {
        (_inner, _lost) = (inner, lost);
        _thread = (threads ?? ThreadStarter.OfProcess).TryStart(WriteAll, "Hearsay lines");
    }

    /// <inheritdoc/>
    public override Encoding Encoding => _inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Add(value.ToString());

    /// <inheritdoc/>
    public override void Write(string? value) => Add(value);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Add(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Add(value + NewLine);

    /// <summary>Waits a moment for what has been written, and no longer.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.Pulse(_gate);
        }

        if (disposing)
        {
            _thread?.Join(Patience);
        }

        base.Dispose(disposing);
    }

    private void Add(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        if (_thread is null)
        {
            _inner.Write(text);
            return;
        }

        bool tells;
        lock (_gate)
        {
            var isFull = _waiting.Count == Capacity;
            tells = isFull && !_hasLost;
            _hasLost |= isFull;
            if (!isFull && !_hasEnded)
            {
                _waiting.Enqueue(text);
                Monitor.Pulse(_gate);
            }
        }

        if (tells)
        {
            _lost?.Invoke();
        }
    }

    private void WriteAll()
    {
        while (Next() is { } text)
        {
            _inner.Write(text);
            _inner.Flush();
        }
    }

    private string? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_hasEnded)
            {
                Monitor.Wait(_gate);
            }

            return _waiting.TryDequeue(out var text) ? text : null;
        }
    }
}
