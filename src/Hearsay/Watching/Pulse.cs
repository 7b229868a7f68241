using System.Threading.Tasks.Sources;

namespace Hearsay.Watching;

/// <summary>
/// Wakes one reader that waits. Pulses that come while nobody waits are one, which the next wait takes at once. Waiting
/// and waking allocate nothing.
/// </summary>
/// <remarks>Any thread may call <see cref="Set"/>. Only one reader may wait at a time; it continues on the pool.
/// </remarks>
internal sealed class Pulse : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancelled;
    private bool _isSet;
    private bool _isWaiting;

    /// <summary>Wakes the reader.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                _isSet = true;
                return;
            }

            _isWaiting = false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Waits for a pulse.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isSet)
            {
                _isSet = false;
                return default;
            }

            _core.Reset();
            _cancelled = default;
            _isWaiting = true;
        }

        // Cancelled from here on, it completes the wait like a pulse does.
        _registration = cancellationToken.UnsafeRegister(
            static (self, token) => ((Pulse)self!).Cancel(token), this);
        return new ValueTask(this, _core.Version);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        if (_cancelled.IsCancellationRequested)
        {
            _core.SetException(new OperationCanceledException(_cancelled));
        }
        else
        {
            _core.SetResult(true);
        }
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token)
    {
        // Waits for a callback that runs, so that it cannot meet the next wait.
        _registration.Dispose();
        _core.GetResult(token);
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        lock (_gate)
        {
            if (!_isWaiting)
            {
                return;
            }

            (_isWaiting, _cancelled) = (false, token);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
