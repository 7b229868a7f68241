using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>Keeps a replica in memory: it is gone with the process.</summary>
internal sealed class MemoryReplicaStore : IReplicaStore
{
    private readonly Dictionary<RowClaim, KeyValuePair<MapRow, UInt128>> _rows = [];
    private ReplicaClaims _claims = ReplicaClaims.Empty;

    /// <inheritdoc/>
    public StoredReplica Load() => new([.. _rows.Values], _claims);

    /// <inheritdoc/>
    public bool TryRead(RowClaim claim, out MapRow row)
    {
        var found = _rows.TryGetValue(claim, out var stored);
        row = stored.Key;
        return found;
    }

    /// <inheritdoc/>
    public bool Commit(ReplicaTransaction transaction)
    {
        foreach (var claim in transaction.Dropped)
        {
            _rows.Remove(claim);
        }

        foreach (var (row, digest) in transaction.Added)
        {
            _rows[new RowClaim(row.Dot, row.Path)] = new(row, digest);
        }

        _claims = transaction.Claims;
        return true;
    }

    /// <inheritdoc/>
    public StoreProgress Sync() => StoreProgress.Done;
}
