namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>How often the payload of a write came, by the way it took.</summary>
/// <param name="Heard">By broadcast, for the first time there.</param>
/// <param name="Repaired">Those of them that the comparison of neighbours brought.</param>
/// <param name="Again">By broadcast, once more.</param>
/// <param name="Known">By broadcast for the first time, after an exchange had brought it.</param>
/// <param name="Rows">As rows of exchanges.</param>
internal readonly record struct PayloadCounts(long Heard, long Repaired, long Again, long Known, long Rows)
{
    /// <summary>All of them.</summary>
    public long All => Heard + Again + Rows;

    /// <summary>Adds up.</summary>
    public static PayloadCounts operator +(PayloadCounts a, PayloadCounts b) => new(
        a.Heard + b.Heard, a.Repaired + b.Repaired, a.Again + b.Again, a.Known + b.Known, a.Rows + b.Rows);

    /// <summary>What came since.</summary>
    public static PayloadCounts operator -(PayloadCounts a, PayloadCounts b) => new(
        a.Heard - b.Heard, a.Repaired - b.Repaired, a.Again - b.Again, a.Known - b.Known, a.Rows - b.Rows);
}
