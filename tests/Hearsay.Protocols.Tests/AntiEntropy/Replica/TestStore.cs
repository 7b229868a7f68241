using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Replica;

/// <summary>A store in memory that fails when told to.</summary>
internal sealed class TestStore : IReplicaStore
{
    public Dictionary<RowClaim, KeyValuePair<MapRow, UInt128>> Rows { get; } = [];

    public ReplicaClaims Claims { get; set; } = ReplicaClaims.Empty;

    public bool CommitFails { get; set; }

    public bool SyncFails { get; set; }

    public StoredReplica Load() => new([.. Rows.Values], Claims);

    public bool TryRead(RowClaim claim, out MapRow row)
    {
        var found = Rows.TryGetValue(claim, out var stored);
        row = stored.Key;
        return found;
    }

    public bool Commit(ReplicaTransaction transaction)
    {
        if (CommitFails)
        {
            return false;
        }

        foreach (var claim in transaction.Dropped)
        {
            Rows.Remove(claim);
        }

        foreach (var (row, digest) in transaction.Added)
        {
            Rows.Add(new RowClaim(row.Dot, row.Path), new(row, digest));
        }

        Claims = transaction.Claims;
        return true;
    }

    public bool Sync() => !SyncFails;

    public void Change(RowClaim claim) =>
        Rows[claim] = new(Rows[claim].Key with { Value = new byte[] { 99 } }, Rows[claim].Value);
}
