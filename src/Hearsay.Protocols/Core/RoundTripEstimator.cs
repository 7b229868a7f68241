namespace Hearsay.Protocols.Core;

/// <summary>
/// How long to wait for an answer: the smoothed round-trip time plus four mean deviations (RFC 6298), over all partners
/// of a node, within the limits of the options.
/// </summary>
internal sealed class RoundTripEstimator(TimeSpan minimum, TimeSpan maximum)
{
    private const int SmoothingShift = 3;
    private const int DeviationShift = 2;

    /// <summary>Smoothed round-trip time in ticks; negative before the first measurement.</summary>
    private long _smoothed = -1;

    /// <summary>Mean deviation in ticks.</summary>
    private long _deviation;

    /// <summary>The time-out to use now; the longest one before anything was measured.</summary>
    public TimeSpan Timeout
    {
        get
        {
            if (_smoothed < 0)
            {
                return maximum;
            }

            var ticks = Math.Max(_smoothed + (4 * _deviation), minimum.Ticks);
            return TimeSpan.FromTicks(Math.Min(ticks, maximum.Ticks));
        }
    }

    /// <summary>The smoothed round-trip time; zero before anything was measured.</summary>
    public TimeSpan Smoothed => TimeSpan.FromTicks(Math.Max(0, _smoothed));

    /// <summary>Another longest time-out from now on.</summary>
    public void ChangeMaximum(TimeSpan longest) => maximum = longest;

    /// <summary>
    /// An answer came after this long. Every request has a nonce of its own, so no sample is ambiguous.
    /// </summary>
    public void Measured(TimeSpan roundTrip)
    {
        // A late answer of many seconds says "at least the longest time-out", not more.
        var sample = Math.Clamp(roundTrip.Ticks, 0, 2 * maximum.Ticks);
        if (_smoothed < 0)
        {
            (_smoothed, _deviation) = (sample, sample / 2);
            return;
        }

        _deviation += (Math.Abs(sample - _smoothed) - _deviation) >> DeviationShift;
        _smoothed += (sample - _smoothed) >> SmoothingShift;
    }
}
