namespace Hearsay.Identity;

/// <summary>
/// Stores an identity off the event loop. What comes while the disk is busy is stored once: a packet can raise the
/// incarnation, so a flood of them must not fill the thread pool with writes.
/// </summary>
/// <param name="save">Writes it; may take long and may throw.</param>
/// <param name="failed">Told when it could not be written.</param>
internal sealed class IdentitySaver(Action<NodeIdentity> save, Action<Exception> failed)
{
    private readonly Lock _gate = new();

    /// <summary>The identity to be stored, if there is a newer one than the last that was.</summary>
    private NodeIdentity? _unsaved;
    private bool _saving;

    /// <summary>Stores it soon; any thread.</summary>
    public void Save(NodeIdentity identity)
    {
        lock (_gate)
        {
            _unsaved = identity;
            if (_saving)
            {
                return;
            }

            _saving = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static saver => saver.SaveLatest(), this, preferLocal: false);
    }

    private void SaveLatest()
    {
        while (true)
        {
            NodeIdentity identity;
            lock (_gate)
            {
                if (_unsaved is not { } unsaved)
                {
                    _saving = false;
                    return;
                }

                (identity, _unsaved) = (unsaved, null);
            }

            try
            {
                save(identity);
            }
            catch (Exception error)
                when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // The next start seeds the incarnation from the clock, which is above this one.
                failed(error);
            }
        }
    }
}
