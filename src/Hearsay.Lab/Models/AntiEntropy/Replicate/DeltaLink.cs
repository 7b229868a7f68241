using Hearsay.Protocols.AntiEntropy.Dots;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>What one neighbour still has to get, in order, and what it has sent.</summary>
/// <param name="number">The number of the link.</param>
internal sealed class DeltaLink(ulong number)
{
    /// <summary>Rows of the state that a new neighbour gets in one frame.</summary>
    private const int RowsOfPiece = 200;

    private readonly List<MapDelta> _waiting = [];

    /// <summary>The number of the link.</summary>
    public ulong Number { get; } = number;

    /// <summary>The number of the first delta that waits.</summary>
    public long First { get; private set; }

    /// <summary>Deltas that the neighbour has not acknowledged.</summary>
    public IReadOnlyList<MapDelta> Waiting => _waiting;

    /// <summary>The number of the delta that the neighbour sends next.</summary>
    public long Expected { get; set; }

    /// <summary>The neighbour is to get a delta.</summary>
    public void Add(MapDelta delta) => _waiting.Add(delta);

    /// <summary>
    /// The neighbour is to get a state, in pieces: rows with their events, and then the events whose rows are gone.
    /// </summary>
    public void Add(DeltaState state)
    {
        foreach (var rows in state.Rows.Chunk(RowsOfPiece))
        {
            _waiting.Add(new MapDelta(rows, rows.Aggregate(
                CausalContext.Empty, static (seen, row) => seen.With(row.Dot))));
        }

        var gone = CausalContext.Empty;
        foreach (var (epoch, seen) in state.Seen.Open)
        {
            ulong[] live = [.. state.Rows.Where(row => row.Dot.Epoch == epoch)
                .Select(static row => row.Dot.Sequence).Order()];
            var rows = live.Aggregate(
                SequenceSet.Empty, static (all, one) => all.Union(SequenceSet.Of(one, one)));
            gone = seen.Except(rows).Aggregate(
                gone, (all, range) => all.WithSeen(epoch, SequenceSet.Of(range.First, range.Last)));
        }

        _waiting.Add(new MapDelta([], gone));
    }

    /// <summary>The neighbour has everything before a delta.</summary>
    public void Acknowledge(long next)
    {
        var count = (int)Math.Clamp(next - First, 0, _waiting.Count);
        _waiting.RemoveRange(0, count);
        First += count;
    }
}
