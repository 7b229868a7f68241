using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>
/// The product's causal contexts: every key was written by one of 100 writers in turn, one side tells its context, and
/// the other knows what that lacks. What is missing is a gap in it.
/// </summary>
internal sealed class ContextScheme : IReconcileScheme
{
    private const int Writers = 100;

    private readonly EpochId[] _epochs = new EpochId[Writers];

    /// <summary>A scheme with writers of its own.</summary>
    public ContextScheme(ulong seed)
    {
        var random = new SeededRandom(seed);
        foreach (ref var epoch in _epochs.AsSpan())
        {
            epoch = new EpochId(new NodeId(random.NextUInt64(), random.NextUInt64()), random.NextUInt64());
        }
    }

    /// <inheritdoc/>
    public ReconcileCost Run(ReconcileCase difference)
    {
        var mine = Without(difference.OnlyTheirs, difference.Symbols.Length);
        var theirs = Without(difference.OnlyMine, difference.Symbols.Length);
        var bytes = ContextCodec.ToBytes(mine).Length;
        var lacking = difference.OnlyTheirs.Count(index => theirs.Covers(DotOf(index)) && !mine.Covers(DotOf(index)));
        var found = 0L;
        foreach (var epoch in _epochs)
        {
            foreach (var range in theirs.SeenOf(epoch).Except(mine.SeenOf(epoch)))
            {
                found += (long)(range.Last - range.First) + 1;
            }
        }

        return new(bytes, 1, null, null, found - lacking, found == difference.MissingHere);
    }

    private Dot DotOf(int index) => new(_epochs[index % Writers], (ulong)(index / Writers) + 1);

    private CausalContext Without(IEnumerable<int> missing, int items)
    {
        var gaps = missing.ToLookup(index => index % Writers, index => (ulong)(index / Writers) + 1);
        var context = CausalContext.Empty;
        for (var writer = 0; writer < Math.Min(Writers, items); writer++)
        {
            var last = (ulong)((items - 1 - writer) / Writers) + 1;
            var (ranges, first) = (new List<SequenceRange>(), 1UL);
            foreach (var gap in gaps[writer].Order())
            {
                if (gap > first)
                {
                    ranges.Add(new(first, gap - 1));
                }

                first = gap + 1;
            }

            if (first <= last)
            {
                ranges.Add(new(first, last));
            }

            context = context.WithSeen(_epochs[writer], SequenceSet.TryCreate([.. ranges])!);
        }

        return context;
    }
}
