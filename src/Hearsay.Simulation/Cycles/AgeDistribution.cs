namespace Hearsay.Simulation;

/// <summary>The distribution of the ages, in cycles, of the entries in the views of all live nodes.</summary>
public sealed class AgeDistribution
{
    private readonly long[] _counts;

    private AgeDistribution(long[] counts, long entries, double mean) =>
        (_counts, EntryCount, Mean) = (counts, entries, mean);

    /// <summary>The number of entries of each age, from 0 to the greatest age.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>The number of all entries.</summary>
    public long EntryCount { get; }

    /// <summary>The mean age in cycles; 0 if there is no entry.</summary>
    public double Mean { get; }

    /// <summary>The ages of a run as they are now.</summary>
    public static AgeDistribution Of(ICycleEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var counts = new long[ushort.MaxValue + 1];
        var (entries, sum, greatest) = (0L, 0.0, -1);
        for (var node = 0; node < engine.NodeCount; node++)
        {
            if (engine.IsAlive(node))
            {
                foreach (var age in engine.AgesOf(node))
                {
                    counts[age]++;
                    entries++;
                    sum += age;
                    greatest = Math.Max(greatest, age);
                }
            }
        }

        return new AgeDistribution(counts[..(greatest + 1)], entries, entries == 0 ? 0 : sum / entries);
    }

    /// <summary>Returns the smallest age that a given share of the entries does not exceed; 0 if there is no
    /// entry.</summary>
    /// <param name="share">From 0 to 1: 0.5 gives the median.</param>
    public int Quantile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var below = 0L;
        for (var age = 0; age < _counts.Length; age++)
        {
            below += _counts[age];
            if (below >= share * EntryCount)
            {
                return age;
            }
        }

        return 0;
    }
}
