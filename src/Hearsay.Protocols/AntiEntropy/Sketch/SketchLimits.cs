namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>How many cells are sent at once, and when a sketch is given up.</summary>
internal static class SketchLimits
{
    /// <summary>The cells of the first chunk, and the least of every other.</summary>
    public const int LeastChunk = 16;

    /// <summary>
    /// A chunk is this part of the cells sent before it. So at most 6 % too many are sent, and more than a datagram
    /// holds only after a thousand cells. Chunks that grow by a quarter would overshoot by up to 25 %.
    /// </summary>
    private const int GrowthDivisor = 16;

    private const int SpareCells = 64;

    /// <summary>How many cells the next chunk has.</summary>
    /// <param name="sent">How many were sent before.</param>
    /// <param name="most">How many may be sent in all.</param>
    public static int NextChunk(int sent, int most) =>
        Math.Max(0, Math.Min(Math.Max(LeastChunk, sent / GrowthDivisor), most - sent));

    /// <summary>
    /// The cells after which a difference of the size that a peer claims is given up: 1.6 d + 64, and no more than the
    /// prefix has. All but one in many thousands of differences of that size decode before.
    /// </summary>
    /// <param name="claimedDifference">What the peer says; any number.</param>
    /// <param name="prefixCells">The cells there are.</param>
    public static int CellsFor(ulong claimedDifference, int prefixCells) =>
        claimedDifference >= (ulong)prefixCells
            ? prefixCells : Math.Min(prefixCells, ((int)claimedDifference * 8 / 5) + SpareCells);

    /// <summary>Whether a difference is too large to try at all: above 0.7 of the cells.</summary>
    public static bool IsTooLarge(ulong difference, int prefixCells) =>
        difference > (ulong)prefixCells * 7 / 10;
}
