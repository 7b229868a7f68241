using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>
/// A fixed Merkle tree of 32,768 leaves, as Cassandra has it: three levels of 32 children with 16-byte hashes, of
/// which a side asks for those that differ, and then the ids of the leaves that differ.
/// </summary>
internal sealed class MerkleScheme : IReconcileScheme
{
    private const int FanOutBits = 5;
    private const int FanOut = 1 << FanOutBits;
    private const int Levels = 3;
    private const int Leaves = 1 << (FanOutBits * Levels);
    private const int HashBytes = 16;
    private const int MaskBytes = FanOut / 8;

    private readonly ulong[] _sums = new ulong[Leaves];
    private readonly int[] _counts = new int[Leaves];
    private readonly int _idBytes;

    /// <summary>A scheme over some keys.</summary>
    public MerkleScheme(ulong[] symbols, int idBytes)
    {
        _idBytes = idBytes;
        foreach (var symbol in symbols)
        {
            _sums[LeafOf(symbol)] += SeededRandom.Mix(symbol);
            _counts[LeafOf(symbol)]++;
        }
    }

    /// <inheritdoc/>
    public ReconcileCost Run(ReconcileCase difference)
    {
        var mine = Without(difference.OnlyTheirs, difference.Symbols);
        var theirs = Without(difference.OnlyMine, difference.Symbols);
        var theirCounts = (int[])_counts.Clone();
        foreach (var index in difference.OnlyMine)
        {
            theirCounts[LeafOf(difference.Symbols[index])]--;
        }

        int[] differing = Sum(mine, Leaves) == Sum(theirs, Leaves) ? [] : [0];
        var (bytes, roundTrips) = (HashBytes, 0);
        for (var width = Leaves / FanOut; width >= 1 && differing.Length > 0; width /= FanOut)
        {
            bytes += differing.Length * (MaskBytes + (FanOut * HashBytes));
            roundTrips++;
            differing =
            [
                .. from node in differing
                   from child in Enumerable.Range(node * FanOut, FanOut)
                   where Sum(mine, width, child) != Sum(theirs, width, child)
                   select child,
            ];
        }

        if (differing.Length == 0)
        {
            return new(bytes, roundTrips, null, null, 0, difference.Missing.Length == 0);
        }

        var ids = differing.Sum(leaf => (long)theirCounts[leaf]);
        var leaves = differing.ToHashSet();
        bytes += differing.Length * MaskBytes;
        return new(bytes + (ids * _idBytes), roundTrips + 1, null, null, ids - difference.MissingHere,
            difference.Missing.All(index => leaves.Contains(LeafOf(difference.Symbols[index]))));
    }

    private static int LeafOf(ulong symbol) => (int)(symbol >> (64 - (FanOutBits * Levels)));

    private static ulong Sum(ulong[] sums, int width, int node = 0)
    {
        ulong sum = 0;
        foreach (var leaf in sums.AsSpan(node * width, width))
        {
            sum += leaf;
        }

        return sum;
    }

    private ulong[] Without(IEnumerable<int> missing, ulong[] symbols)
    {
        var sums = (ulong[])_sums.Clone();
        foreach (var index in missing)
        {
            sums[LeafOf(symbols[index])] -= SeededRandom.Mix(symbols[index]);
        }

        return sums;
    }
}
