namespace Hearsay.Protocols.Broadcast.Repair;

/// <summary>
/// Follows the 95th percentile of how long after its announcement a message comes by itself: up a lot at a longer lag,
/// down a little at a shorter one, so that one in twenty is longer.
/// </summary>
internal sealed class LagEstimator
{
    private const double Least = 1;

    public double Milliseconds { get; private set; } = Least;

    public void Add(TimeSpan lag)
    {
        var longer = lag.TotalMilliseconds > Milliseconds;
        Milliseconds = Math.Max(Least, Milliseconds * (longer ? 1.2 : 1 - (0.2 / 19)));
    }
}
