using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <summary>What a sampler handed out so far.</summary>
/// <param name="Draws">Peers handed out.</param>
/// <param name="Fallbacks">How many of them were fallbacks.</param>
/// <param name="Ages">The sum of their ages in cycles.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SamplerTotals(long Draws, long Fallbacks, long Ages)
{
    /// <summary>Adds up.</summary>
    public static SamplerTotals operator +(in SamplerTotals left, in SamplerTotals right) =>
        new(left.Draws + right.Draws, left.Fallbacks + right.Fallbacks, left.Ages + right.Ages);

    /// <summary>What came between two moments.</summary>
    public static SamplerTotals operator -(in SamplerTotals later, in SamplerTotals earlier) =>
        new(later.Draws - earlier.Draws, later.Fallbacks - earlier.Fallbacks, later.Ages - earlier.Ages);
}
