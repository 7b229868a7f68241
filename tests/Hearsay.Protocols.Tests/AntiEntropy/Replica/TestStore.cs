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

    /// <summary>Whether it makes durable elsewhere, and only as many transactions as the test says.</summary>
    public bool IsSlow { get; set; }

    /// <summary>How many are durable.</summary>
    public long Durable { get; set; }

    /// <summary>Whether the others are undone at the next look.</summary>
    public bool Undoes { get; set; }

    private readonly List<(ReplicaTransaction, List<KeyValuePair<MapRow, UInt128>> Dropped, ReplicaClaims Before)> _done
        = [];
    private long _taken;

    public StoredReplica Load()
    {
        (_taken, Durable) = (0, 0);
        _done.Clear();
        return new([.. Rows.Values], Claims);
    }

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

        var dropped = new List<KeyValuePair<MapRow, UInt128>>();
        foreach (var claim in transaction.Dropped)
        {
            if (Rows.Remove(claim, out var row))
            {
                dropped.Add(row);
            }
        }

        foreach (var (row, digest) in transaction.Added)
        {
            Rows.Add(new RowClaim(row.Dot, row.Path), new(row, digest));
        }

        _taken++;
        _done.Add((transaction, dropped, Claims));
        Claims = transaction.Claims;
        return true;
    }

    public StoreProgress Sync()
    {
        if (SyncFails || !IsSlow)
        {
            return SyncFails ? StoreProgress.Failed : StoreProgress.Done;
        }

        if (!Undoes)
        {
            return new StoreProgress(Durable == _taken ? SyncOutcome.Done : SyncOutcome.Waiting, Durable);
        }

        for (Undoes = false; _taken > Durable; _taken--)
        {
            var (transaction, dropped, before) = _done[^1];
            _done.RemoveAt(_done.Count - 1);
            foreach (var (row, _) in transaction.Added)
            {
                Rows.Remove(new RowClaim(row.Dot, row.Path));
            }

            foreach (var pair in dropped)
            {
                Rows.Add(new RowClaim(pair.Key.Dot, pair.Key.Path), pair);
            }

            Claims = before;
        }

        return new StoreProgress(SyncOutcome.Undone, Durable);
    }

    public void Change(RowClaim claim) =>
        Rows[claim] = new(Rows[claim].Key with { Value = new byte[] { 99 } }, Rows[claim].Value);
}
