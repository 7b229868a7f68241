using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>
/// A replica as it was at one moment, for as long as an exchange needs it. Nothing is copied but the sketch: rows that
/// go meanwhile are kept here, so everything that was there can still be found by its symbol.
/// </summary>
/// <param name="summary">What was there.</param>
/// <param name="sketch">The sketch at that moment; null if it is not needed.</param>
/// <param name="mostRows">How many rows that go are kept.</param>
/// <param name="mostBytes">How many bytes of values of such rows are kept.</param>
internal sealed class ReplicaSnapshot(ReplicaSummary summary, SketchSnapshot? sketch, int mostRows, long mostBytes)
{
    private readonly Dictionary<ulong, MapRow> _gone = [];
    private long _bytes;

    /// <summary>What was there.</summary>
    public ReplicaSummary Summary { get; } = summary;

    /// <summary>The sketch at that moment, if it was asked for.</summary>
    public SketchSnapshot? Sketch { get; } = sketch;

    /// <summary>Whether too much has gone since, or trust has ended: nothing may be concluded from it.</summary>
    public bool IsVoid { get; set; }

    /// <summary>A row that was there and has gone since; false if it is not known here.</summary>
    public bool TryFindGone(ulong symbol, out MapRow row) => _gone.TryGetValue(symbol, out row!);

    /// <summary>A row goes. If it cannot be kept, the snapshot is void.</summary>
    /// <param name="symbol">Its symbol.</param>
    /// <param name="row">The row; null if it could not be read.</param>
    public void Keep(ulong symbol, MapRow? row)
    {
        _bytes += row?.Value.Length ?? 0;
        if (row is null || _gone.Count == mostRows || _bytes > mostBytes)
        {
            IsVoid = true;
            _gone.Clear();
        }

        if (!IsVoid)
        {
            _gone[symbol] = row!;
        }
    }
}
