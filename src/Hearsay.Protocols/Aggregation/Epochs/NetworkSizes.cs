namespace Hearsay.Protocols.Aggregation.Epochs;

/// <summary>
/// How many nodes there are, as far as a node knows: measured in the last whole epoch; before there was one, of the
/// epoch under way or told by others, whichever is closer. Written by the event loop, read by any thread.
/// </summary>
internal sealed class NetworkSizes
{
    /// <summary>Held for nanoseconds: an estimate is several numbers.</summary>
    private readonly Lock _gate = new();

    private NetworkSizeEstimate _whole = NetworkSizeEstimate.None;
    private NetworkSizeEstimate _underWay = NetworkSizeEstimate.None;
    private NetworkSizeEstimate _told = NetworkSizeEstimate.None;

    /// <summary>The best there is; not usable if nothing is known.</summary>
    public NetworkSizeEstimate Best
    {
        get
        {
            lock (_gate)
            {
                return _whole.IsWhole ? _whole
                    : !_told.IsUsable || _underWay.Error <= _told.Error ? _underWay : _told;
            }
        }
    }

    /// <summary>What was measured here: what others told is not told on.</summary>
    public NetworkSizeEstimate Measured
    {
        get
        {
            lock (_gate)
            {
                return _whole.IsWhole ? _whole : _underWay;
            }
        }
    }

    /// <summary>Whether a size was measured in a whole epoch.</summary>
    public bool HasWhole
    {
        get
        {
            lock (_gate)
            {
                return _whole.IsWhole;
            }
        }
    }

    /// <summary>The epoch of the last whole one, and when it began.</summary>
    public (long Epoch, Instant Began) Of { get; private set; }

    /// <summary>An epoch is over, and this is what it gave.</summary>
    public void Keep(double size, double error, long epoch, Instant began)
    {
        Of = (epoch, began);
        lock (_gate)
        {
            _whole = new NetworkSizeEstimate(size, error, IsWhole: true);
        }
    }

    /// <summary>What the epoch under way comes to; none if nothing can be said.</summary>
    public void Look(NetworkSizeEstimate underWay)
    {
        lock (_gate)
        {
            _underWay = underWay;
        }
    }

    /// <summary>What others say.</summary>
    public void Hear(NetworkSizeEstimate told)
    {
        lock (_gate)
        {
            _told = told;
        }
    }

    /// <summary>The node has come to another cluster.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _whole = _underWay = _told = NetworkSizeEstimate.None;
        }
    }
}
