namespace Hearsay.Protocols.Aggregation.Sketches;

/// <summary>
/// The k items with the smallest keyed hashes, with their values (Cohen, Kaplan, PODC 2007; Bar-Yossef et al., RANDOM
/// 2002): how many distinct items there are, and a uniform sample of them, hence quantiles. Merging keeps the k
/// smallest of both, so loss, doubles and reordering do no harm.
/// </summary>
/// <remarks>
/// The distinct count has a relative standard error of 1/√(k - 2) and is exact up to k items; a quantile from the
/// sample has a rank error of √(q(1 - q)/k). A sketch is a span of hashes, strictly ascending, and a parallel span of
/// values. Pure functions on the caller's spans; nothing allocates.
/// </remarks>
internal static class BottomK
{
    /// <summary>Adds an item, or does nothing if it is there or too large.</summary>
    /// <param name="hashes">Room for k hashes, the first of them ascending.</param>
    /// <param name="values">Their values.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="hash">The item's keyed hash.</param>
    /// <param name="value">Its value. Of two values of one item the smaller stays, whatever the order.</param>
    /// <returns>How many there are now.</returns>
    public static int Add(Span<ulong> hashes, Span<double> values, int count, ulong hash, double value)
    {
        var at = hashes[..count].BinarySearch(hash);
        if (at >= 0)
        {
            values[at] = Math.Min(values[at], value);
            return count;
        }

        at = ~at;
        if (at == hashes.Length)
        {
            return count;
        }

        var moved = Math.Min(count, hashes.Length - 1) - at;
        hashes.Slice(at, moved).CopyTo(hashes[(at + 1)..]);
        values.Slice(at, moved).CopyTo(values[(at + 1)..]);
        (hashes[at], values[at]) = (hash, value);
        return Math.Min(count + 1, hashes.Length);
    }

    /// <summary>The k smallest of two sketches, of which either may be the greater.</summary>
    /// <param name="hashes">One's hashes, ascending.</param>
    /// <param name="values">One's values.</param>
    /// <param name="otherHashes">The other's hashes, ascending.</param>
    /// <param name="otherValues">The other's values.</param>
    /// <param name="mergedHashes">Room for k hashes, apart from the others.</param>
    /// <param name="mergedValues">Room for k values.</param>
    /// <returns>How many there are.</returns>
    public static int Merge(
        ReadOnlySpan<ulong> hashes, ReadOnlySpan<double> values,
        ReadOnlySpan<ulong> otherHashes, ReadOnlySpan<double> otherValues,
        Span<ulong> mergedHashes, Span<double> mergedValues)
    {
        var (own, other, count) = (0, 0, 0);
        while (count < mergedHashes.Length && (own < hashes.Length || other < otherHashes.Length))
        {
            var (one, two) = (own < hashes.Length, other < otherHashes.Length);
            var takeOwn = one && (!two || hashes[own] <= otherHashes[other]);
            var takeOther = two && (!one || otherHashes[other] <= hashes[own]);
            mergedHashes[count] = takeOwn ? hashes[own] : otherHashes[other];
            mergedValues[count] = !takeOther ? values[own] : !takeOwn ? otherValues[other]
                : Math.Min(values[own], otherValues[other]);
            count++;
            own += takeOwn ? 1 : 0;
            other += takeOther ? 1 : 0;
        }

        return count;
    }

    /// <summary>How many distinct items there are.</summary>
    /// <param name="hashes">The hashes that are there.</param>
    /// <param name="k">How many there is room for; with fewer the count is exact.</param>
    public static double Distinct(ReadOnlySpan<ulong> hashes, int k) =>
        hashes.Length < k ? hashes.Length : (k - 1) / ((hashes[^1] + 1.0) / Math.Pow(2, 64));

    /// <summary>A quantile of the sampled values.</summary>
    /// <param name="values">The values that are there, in any order.</param>
    /// <param name="quantile">From 0 to 1.</param>
    /// <param name="scratch">As long as the values; overwritten.</param>
    /// <returns>The value of that rank, not a number if there is none.</returns>
    public static double Quantile(ReadOnlySpan<double> values, double quantile, Span<double> scratch)
    {
        if (values.IsEmpty)
        {
            return double.NaN;
        }

        var sorted = scratch[..values.Length];
        values.CopyTo(sorted);
        sorted.Sort();
        return sorted[(int)Math.Clamp(quantile * sorted.Length, 0, sorted.Length - 1)];
    }

    /// <summary>Whether a sketch that came over a network is one: hashes strictly ascending, values finite.</summary>
    public static bool IsValid(ReadOnlySpan<ulong> hashes, ReadOnlySpan<double> values, int k)
    {
        if (hashes.Length > k || hashes.Length != values.Length)
        {
            return false;
        }

        for (var i = 0; i < hashes.Length; i++)
        {
            if ((i > 0 && hashes[i] <= hashes[i - 1]) || !double.IsFinite(values[i]))
            {
                return false;
            }
        }

        return true;
    }
}
