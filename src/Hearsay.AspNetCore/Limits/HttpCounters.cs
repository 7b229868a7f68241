namespace Hearsay.AspNetCore.Limits;

/// <summary>What the service counts of itself. Safe on any thread.</summary>
/// <param name="mostBodyBytes">The bytes of message bodies that may be in use at a time.</param>
internal sealed class HttpCounters(long mostBodyBytes = long.MaxValue)
{
    private long _calls;
    private long _unauthorized;
    private long _foreign;
    private long _invalid;
    private long _tooLarge;
    private long _tooMany;
    private long _full;
    private long _faults;
    private long _streams;
    private long _eventsMissed;
    private long _stalled;

    /// <summary>Bytes of message bodies that are read or published at the moment.</summary>
    public ByteBudget Bodies { get; } = new(mostBodyBytes);

    /// <summary>Calls of the service's routes.</summary>
    public long Calls => Volatile.Read(ref _calls);

    /// <summary>Calls without the right token.</summary>
    public long Unauthorized => Volatile.Read(ref _unauthorized);

    /// <summary>Calls from pages or names of elsewhere.</summary>
    public long Foreign => Volatile.Read(ref _foreign);

    /// <summary>Calls with something that is not valid or not there.</summary>
    public long Invalid => Volatile.Read(ref _invalid);

    /// <summary>Bodies that were too large.</summary>
    public long TooLarge => Volatile.Read(ref _tooLarge);

    /// <summary>Calls above the rate.</summary>
    public long TooMany => Volatile.Read(ref _tooMany);

    /// <summary>Calls for which there was no place, or that the node did not take.</summary>
    public long Full => Volatile.Read(ref _full);

    /// <summary>Defects.</summary>
    public long Faults => Volatile.Read(ref _faults);

    /// <summary>Event streams that are open.</summary>
    public long Streams => Volatile.Read(ref _streams);

    /// <summary>Events that readers were told they missed.</summary>
    public long EventsMissed => Volatile.Read(ref _eventsMissed);

    /// <summary>Streams that were closed because their reader took nothing.</summary>
    public long Stalled => Volatile.Read(ref _stalled);

    /// <summary>Idle connections that the server closed for new ones; 0 where it closes none.</summary>
    public Func<long> Displaced { get; set; } = static () => 0;

    /// <summary>A call came.</summary>
    public void CountCall() => Interlocked.Increment(ref _calls);

    /// <summary>A reader missed events.</summary>
    public void CountMissed(long events) => Interlocked.Add(ref _eventsMissed, events);

    /// <summary>A stream was closed because its reader took nothing.</summary>
    public void CountStalled() => Interlocked.Increment(ref _stalled);

    /// <summary>Takes a place for a stream.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryOpenStream(int most)
    {
        if (Interlocked.Increment(ref _streams) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _streams);
        return false;
    }

    /// <summary>A stream has ended.</summary>
    public void CloseStream() => Interlocked.Decrement(ref _streams);

    /// <summary>A call was answered with a problem.</summary>
    public void CountProblem(int status) => Interlocked.Increment(ref PlaceOf(status));

    private ref long PlaceOf(int status)
    {
        switch (status)
        {
            case 401:
                return ref _unauthorized;
            case 403:
                return ref _foreign;
            case 413:
                return ref _tooLarge;
            case 429:
                return ref _tooMany;
            case 503:
                return ref _full;
            case 500:
                return ref _faults;
            default:
                return ref _invalid;
        }
    }
}
