using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <content>Snapshots: what exchanges need of a moment that has passed.</content>
internal sealed partial class MapReplica
{
    private readonly List<ReplicaSnapshot> _snapshots = [];

    /// <summary>How many rows there are.</summary>
    public int Count => _index.Count;

    /// <summary>
    /// Keeps this moment, until <see cref="Close"/>. It may be told when <see cref="Committed"/> of now is durable.
    /// </summary>
    /// <param name="withSketch">Whether a copy of the sketch is needed.</param>
    public ReplicaSnapshot OpenSnapshot(bool withSketch)
    {
        var snapshot = new ReplicaSnapshot(
            Summary, withSketch ? _index.Sketch.Snapshot() : null, _options.RowsBesideExchange,
            _options.BytesBesideExchange);
        _snapshots.Add(snapshot);
        return snapshot;
    }

    /// <summary>A snapshot is not needed any more.</summary>
    public void Close(ReplicaSnapshot snapshot)
    {
        snapshot.IsVoid = true;
        _snapshots.Remove(snapshot);
    }

    /// <summary>The row of a symbol as a snapshot has it, with its value.</summary>
    /// <returns>False if it has no such row, or if that is not known any more.</returns>
    public bool TryRead(ReplicaSnapshot snapshot, ulong symbol, out MapRow row)
    {
        row = null!;
        if (snapshot.IsVoid || snapshot.TryFindGone(symbol, out row))
        {
            return !snapshot.IsVoid;
        }

        return _index.TryFind(symbol, out var entry) && TryRead(entry.Claim, out row);
    }

    /// <summary>Which row of a snapshot a symbol stands for.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="symbol">The symbol.</param>
    /// <param name="claim">The row.</param>
    /// <param name="digest">Its digest.</param>
    /// <returns>False if it has no such row, or if that is not known any more.</returns>
    public bool TryFind(ReplicaSnapshot snapshot, ulong symbol, out RowClaim claim, out UInt128 digest)
    {
        (claim, digest) = (default, default);
        if (snapshot.IsVoid)
        {
            return false;
        }

        if (snapshot.TryFindGone(symbol, out var gone))
        {
            (claim, digest) = (new RowClaim(gone.Dot, gone.Path), _options.Digester.Of(gone));
            return true;
        }

        var found = _index.TryFind(symbol, out var entry);
        (claim, digest) = (entry.Claim, entry.Digest);
        return found;
    }

    /// <summary>The digest of a row.</summary>
    public UInt128 DigestOf(MapRow row) => _options.Digester.Of(row);

    /// <summary>Rows are about to go: open snapshots keep them. They still have their values now.</summary>
    private void KeepForSnapshots(List<RowEntry> dropped)
    {
        if (_snapshots.Count == 0)
        {
            return;
        }

        foreach (var entry in dropped)
        {
            var row = IsIntact(entry, out var read) ? read : null;
            foreach (var snapshot in _snapshots)
            {
                snapshot.Keep(entry.Symbol, row);
            }
        }
    }
}
