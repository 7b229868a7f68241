namespace Hearsay.Security.Identity;

/// <summary>Writes a text off the event loop. What comes while the disk is busy is written once, the latest of it.
/// </summary>
/// <param name="write">Writes it; may take long and may throw.</param>
internal sealed class LatestWriter(Action<string> write)
{
    private readonly Lock _gate = new();
    private string? _unwritten;
    private bool _isWriting;

    /// <summary>Texts that could not be written: the disk refused them.</summary>
    public long Failed { get; private set; }

    /// <summary>Writes it soon; any thread.</summary>
    public void Write(string text)
    {
        lock (_gate)
        {
            _unwritten = text;
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.WriteLatest(), this, preferLocal: false);
    }

    private void WriteLatest()
    {
        while (true)
        {
            string text;
            lock (_gate)
            {
                if (_unwritten is not { } unwritten)
                {
                    _isWriting = false;
                    return;
                }

                (text, _unwritten) = (unwritten, null);
            }

            try
            {
                write(text);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The node goes on with what it has; the others tell it again after the next start.
                Failed++;
            }
        }
    }
}
