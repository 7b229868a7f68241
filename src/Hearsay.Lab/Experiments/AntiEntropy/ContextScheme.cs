using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>
/// The product's causal contexts: every key was written by one of 100 writers in turn. One side tells its context in
/// brief, and the other answers with its own, as far as that is different. What is missing is a gap. Both know then
/// what the one lacks; rows and removals, which the answer has beside that, are payload.
/// </summary>
internal sealed class ContextScheme : IReconcileScheme
{
    private const int Writers = 100;

    private static readonly RowDigester s_digester = new(1, 2);

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
        var question = WireEncodings.ToBytes((ref WireWriter writer) =>
            BriefContext.TryWrite(ref writer, mine, FoldParts.All, s_digester));
        var asked = new WireReader(question);
        BriefContext.TryRead(ref asked, theirs, s_digester, out var told);
        var answer = WireEncodings.ToBytes((ref WireWriter writer) =>
            BriefContext.WriteAnswer(ref writer, theirs, told, s_digester));
        var answered = new WireReader(answer);
        var isRead = BriefContext.TryReadAnswer(ref answered, mine, FoldParts.All, s_digester, out var read);
        var lacking = difference.OnlyTheirs.Count(index => theirs.Covers(DotOf(index)) && !mine.Covers(DotOf(index)));
        var (found, toSend) = (Lacking(mine, read), Lacking(told.Known, theirs));
        return new(question.Length + answer.Length, 1, null, null, toSend - lacking,
            isRead && found == difference.MissingHere && toSend == found);
    }

    private long Lacking(CausalContext mine, CausalContext theirs)
    {
        var lacking = 0L;
        foreach (var epoch in _epochs)
        {
            foreach (var range in theirs.SeenOf(epoch).Except(mine.SeenOf(epoch)))
            {
                lacking += (long)(range.Last - range.First) + 1;
            }
        }

        return lacking;
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
