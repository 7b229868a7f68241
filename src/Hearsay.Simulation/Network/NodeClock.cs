using Hearsay.Protocols;

namespace Hearsay.Simulation.Network;

/// <summary>A node's own clock: the network's time, or one that runs faster or slower from some moment on.</summary>
internal struct NodeClock()
{
    private double _rate = 1;
    private Instant _since;
    private Instant _sinceLocal;

    /// <summary>What it shows at a moment of the network.</summary>
    public readonly Instant Local(Instant moment) =>
        _rate == 1
            ? new Instant(moment.Ticks - _since.Ticks + _sinceLocal.Ticks)
            : _sinceLocal + TimeSpan.FromTicks((long)((moment - _since).Ticks * _rate));

    /// <summary>The first moment of the network at which it shows at least this.</summary>
    public readonly Instant Global(Instant local) =>
        local == Instant.Never || _rate == 1
            ? local + (_since - _sinceLocal)
            : _since + TimeSpan.FromTicks((long)Math.Ceiling((local - _sinceLocal).Ticks / _rate) + 1);

    /// <summary>From now on it runs at another rate; what it shows does not jump.</summary>
    public void SetRate(Instant now, double rate)
    {
        (_sinceLocal, _since) = (Local(now), now);
        _rate = rate;
    }
}
