namespace Hearsay;

/// <summary>The quality of a sampler's stream in a recent window of 32 to 64 cycles. Immutable.</summary>
/// <param name="Draws">The number of peers drawn in the window.</param>
/// <param name="Fallbacks">The number of those draws that were fallbacks.</param>
/// <param name="MeanAgeCycles">The mean age of the drawn peers, in cycles.</param>
/// <param name="DrawsPerCycle">The rate at which the consumer draws peers.</param>
/// <param name="NewEntriesPerCycle">
/// The number of peers that enter the view per cycle. It is the highest rate of draws that the view can sustain.
/// </param>
public sealed record SamplerQuality(
    long Draws, long Fallbacks, double MeanAgeCycles, double DrawsPerCycle, double NewEntriesPerCycle)
{
    /// <summary>The share of draws that were fallbacks, from 0 to 1.</summary>
    public double FallbackShare => Draws == 0 ? 0 : (double)Fallbacks / Draws;

    /// <summary>
    /// Whether the view changes fast enough for this consumer, that is, whether it draws no more peers than enter the
    /// view. Then the stream of the default policy is uniform. Head, tail and draws with replacement repeat peers all
    /// the same.
    /// </summary>
    public bool IsFreshEnough => DrawsPerCycle <= NewEntriesPerCycle;
}
