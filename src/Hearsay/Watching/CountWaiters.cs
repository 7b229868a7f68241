namespace Hearsay.Watching;

/// <summary>Those who wait until a number that the loop changes has become large enough. Any thread.</summary>
/// <param name="count">Reads the number.</param>
internal sealed class CountWaiters(Func<int> count)
{
    /// <summary>Guards the list, which is replaced and never changed.</summary>
    private readonly Lock _gate = new();
    private (int Wanted, TaskCompletionSource Done)[] _waiters = [];

    /// <summary>Makes what everybody is told who waits after the end; null before.</summary>
    private Func<Exception>? _ended;

    /// <summary>Completes when the number is at least as large as is wanted.</summary>
    /// <exception cref="ObjectDisposedException">The node has stopped, before or meanwhile.</exception>
    public async Task WaitAsync(int wanted, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_ended is not null)
            {
                throw _ended();
            }

            _waiters = [.. _waiters, (wanted, done)];
        }

        // The number may have grown before this one was on the list.
        Release();
        using var cancelled = cancellation.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), done);
        try
        {
            await done.Task.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiters = [.. _waiters.Where(waiter => waiter.Done != done)];
            }
        }
    }

    /// <summary>The number may have changed. Called by the event loop; costs nothing while nobody waits.</summary>
    public void Release()
    {
        foreach (var (wanted, done) in Volatile.Read(ref _waiters))
        {
            if (count() >= wanted)
            {
                done.TrySetResult();
            }
        }
    }

    /// <summary>The node has stopped: everybody is told.</summary>
    /// <param name="ended">Makes what each is told.</param>
    public void Complete(Func<Exception> ended)
    {
        lock (_gate)
        {
            _ended = ended;
            Array.ForEach(_waiters, waiter => waiter.Done.TrySetException(ended()));
        }
    }
}
