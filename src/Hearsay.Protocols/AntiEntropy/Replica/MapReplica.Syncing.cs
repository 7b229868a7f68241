using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <content>What is durable, and what becomes of what is not.</content>
internal sealed partial class MapReplica
{
    /// <summary>
    /// Makes everything committed durable, or looks how far that is. Nothing that follows from a transaction may leave
    /// before it is durable: neither events nor answers.
    /// </summary>
    /// <param name="leaving">Gets the events of this replica that may leave now.</param>
    public SyncOutcome Sync(ICollection<MapEvent> leaving)
    {
        if (_pending.Count == 0)
        {
            return SyncOutcome.Done;
        }

        var progress = _store.Sync();
        if (progress.State == SyncOutcome.Failed)
        {
            Counters.StoreFailures++;
            return SyncOutcome.Failed;
        }

        while (_pending.TryPeek(out var draft) && draft.Commit <= progress.Durable)
        {
            _pending.Dequeue();
            (_told, _toldRows) = (draft.After!, draft.RowsAfter);
            if (draft.Own is { } own)
            {
                leaving.Add(own);
            }
        }

        if (progress.State == SyncOutcome.Undone)
        {
            Counters.StoreFailures++;
            Undo();
            return SyncOutcome.Undone;
        }

        return _pending.Count == 0 ? SyncOutcome.Done : SyncOutcome.Waiting;
    }

    /// <summary>Whether a transaction is durable: what follows from it may leave.</summary>
    public bool IsDurable(long commit) => !_pending.TryPeek(out var oldest) || commit < oldest.Commit;

    /// <summary>Takes back what is not durable.</summary>
    private void Undo()
    {
        foreach (var draft in _pending.Reverse())
        {
            if (draft.Before is null)
            {
                // That a row is damaged holds in memory all the same, and the next opening finds the same damage.
                (_told, _toldRows) = (_claims, _index.Count);
                break;
            }

            foreach (var (row, _) in draft.Added)
            {
                _index.Remove(new(row.Dot, row.Path));
            }

            foreach (var entry in draft.Dropped)
            {
                _index.Add(entry);
            }

            (_claims, _logged, Committed) = (draft.Before, draft.LoggedBefore, draft.Commit - 1);
        }

        _pending.Clear();
        VoidSessions();
        AbandonEpoch();
    }
}
