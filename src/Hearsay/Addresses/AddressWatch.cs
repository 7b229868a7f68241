using Hearsay.Transport;

namespace Hearsay.Addresses;

/// <summary>
/// Looks again at the addresses of a node that listens on all of them whenever the interfaces of the host change: an
/// address may come after the node has started, or go.
/// </summary>
/// <remarks>
/// Interfaces come up in several steps, and containers come and go all the time: there is one look for all changes of a
/// second, and one look at a time. A look that fails is tried again, ever more rarely and for ever, since the host may
/// tell of no further change.
/// </remarks>
internal sealed class AddressWatch : IDisposable
{
    /// <summary>From a change to the look at it.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between looks that fail.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Func<Task<bool>> _look;
    private readonly IDisposable _subscription;
    private readonly ITimer _timer;

    /// <summary>Guards what follows.</summary>
    private readonly Lock _gate = new();
    private bool _armed;

    /// <summary>Whether it is armed for another try, and nothing has changed since.</summary>
    private bool _retrying;
    private int _failures;
    private bool _looking;
    private bool _disposed;

    /// <summary>Begins to watch.</summary>
    /// <param name="host">The host.</param>
    /// <param name="time">The clock.</param>
    /// <param name="look">
    /// Looks, and tells others what is new; false if that could not be found out or told now and is to be tried again,
    /// as it is if it throws.
    /// </param>
    public AddressWatch(IHostNetwork host, TimeProvider time, Func<Task<bool>> look)
    {
        _look = look;
        _timer = NoFlow.Run(() => time.CreateTimer(
            static state => _ = ((AddressWatch)state!).LookAsync(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan));
        _subscription = host.Watch(Arm);
    }

    /// <summary>No look begins any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _subscription.Dispose();
        _timer.Dispose();
    }

    private void Arm()
    {
        lock (_gate)
        {
            if ((!_armed || _retrying) && !_disposed)
            {
                (_armed, _retrying) = (true, false);
                _timer.Change(Settling, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task LookAsync()
    {
        if (!TryBegin())
        {
            return;
        }

        var done = false;
        try
        {
            done = await _look().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            done = true; // The node stopped.
        }
        catch (Exception)
        {
            // Whatever the host could not tell now, it may tell later.
        }

        End(done);
    }

    private void End(bool done)
    {
        lock (_gate)
        {
            _looking = false;
            _failures = done ? 0 : _failures + 1;
            if (!done && !_armed && !_disposed)
            {
                var pause = Settling * Math.Pow(2, Math.Min(_failures - 1, 10));
                (_armed, _retrying) = (true, true);
                _timer.Change(pause < LongestPause ? pause : LongestPause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private bool TryBegin()
    {
        lock (_gate)
        {
            (_armed, _retrying) = (false, false);
            if (!_looking && !_disposed)
            {
                return _looking = true;
            }
        }

        Arm();
        return false;
    }
}
