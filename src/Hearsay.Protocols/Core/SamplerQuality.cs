namespace Hearsay;

/// <summary>How good the stream of one sampler was in its recent window (the last 32 to 64 cycles).</summary>
/// <param name="Draws">Peers handed out in the window.</param>
/// <param name="Fallbacks">How many of them were fallbacks.</param>
/// <param name="MeanAgeCycles">The mean age of what was handed out, in cycles.</param>
/// <param name="DrawsPerCycle">The consumer's draw rate.</param>
/// <param name="NewEntriesPerCycle">How many peers enter the view per cycle: the rate it can feed.</param>
public sealed record SamplerQuality(
    long Draws, long Fallbacks, double MeanAgeCycles, double DrawsPerCycle, double NewEntriesPerCycle)
{
    /// <summary>The share of draws that fell back, from 0 to 1.</summary>
    public double FallbackShare => Draws == 0 ? 0 : (double)Fallbacks / Draws;

    /// <summary>
    /// Whether the view changes fast enough for this consumer: it draws no more than what enters. That makes the stream
    /// of the default policy uniform; head, tail and draws with replacement repeat peers all the same.
    /// </summary>
    public bool IsFreshEnough => DrawsPerCycle <= NewEntriesPerCycle;
}
