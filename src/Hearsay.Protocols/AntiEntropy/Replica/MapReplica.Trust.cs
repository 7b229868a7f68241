using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <content>Damage, and what may be claimed after it.</content>
internal sealed partial class MapReplica
{
    /// <summary>Reads every row. If one is damaged, trust ends.</summary>
    /// <returns>Whether all rows are as they were written.</returns>
    public bool Scrub()
    {
        foreach (var entry in _index.All)
        {
            if (!IsIntact(entry, out _))
            {
                Distrust([]);
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// No trusted replica can be reached: what is here is all that there is, and is trusted from now on.
    /// </summary>
    /// <returns>False if the store failed.</returns>
    public bool TrustWhatIsHere() =>
        IsTrusted || Commit(new ReplicaDraft(Context) { IsTrusted = true });

    /// <summary>
    /// Ends trust: of everything that was claimed, only the rows remain that can be read as they were written. A row of
    /// an event that did nothing else stands for that event; a row of a batch stands for itself only.
    /// </summary>
    /// <param name="damaged">Rows that are known to be damaged and are not in the index.</param>
    private void Distrust(List<RowClaim> damaged)
    {
        Counters.TrustLost++;
        var (context, before) = (CausalContext.Empty, _index);
        _index = new RowIndex(new SketchPrefix(_options.SketchKey, _options.SketchCells));
        foreach (var entry in before.All)
        {
            if (!IsIntact(entry, out _))
            {
                damaged.Add(entry.Claim);
                continue;
            }

            context = entry.IsWhole ? context.With(entry.Dot) : context.WithClaim(entry.Claim);
            _index.Add(entry);
        }

        Counters.DamagedRows += damaged.Count;
        var (floor, log) = (_claims.LogFloor.Union(_claims.Context), new LogChange([], _logged));
        _claims = new ReplicaClaims(context, IsTrusted: false, _index.Root, [], floor);
        _logged = 0;
        if (_store.Commit(new([], damaged, _claims, log)))
        {
            // It holds at once, and is not undone; but it is told when it is durable.
            _pending.Enqueue(new ReplicaDraft(context)
            {
                Commit = ++Committed, After = _claims, RowsAfter = _index.Count,
            });
        }
        else
        {
            // In memory it holds all the same, and the next opening finds the same damage.
            Counters.StoreFailures++;
            (_told, _toldRows) = (_claims, _index.Count);
        }

        VoidSessions();
        AbandonEpoch();
    }

    /// <summary>What they assumed to be here may be gone.</summary>
    private void VoidSessions()
    {
        foreach (var session in _sessions)
        {
            session.IsVoid = true;
        }

        foreach (var snapshot in _snapshots)
        {
            snapshot.IsVoid = true;
        }

        Counters.ExchangesVoided += _sessions.Count;
        _sessions.Clear();
        _snapshots.Clear();
    }
}
