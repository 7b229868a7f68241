using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <content>Events of other nodes.</content>
internal sealed partial class MapReplica
{
    /// <summary>More entries than a batch has changes: a removal of what is claimed in part has one for each
    /// row.</summary>
    private const int MostEntries = 4 * ReplicaOptions.MostChanges;

    /// <summary>
    /// Applies an event, if everything that it replaces was seen here. Otherwise applying it would claim what it
    /// replaces, which may be somewhere still; an exchange brings both.
    /// </summary>
    public ApplyOutcome Apply(MapEvent heard)
    {
        if (!IsSound(heard))
        {
            Counters.Refused++;
            return ApplyOutcome.Refused;
        }

        if (Context.Covers(heard.Dot))
        {
            Counters.AlreadySeen++;
            return ApplyOutcome.AlreadySeen;
        }

        if (!heard.IsCoveredBy(Context))
        {
            Counters.LeftToExchange++;
            return ApplyOutcome.LeftToExchange;
        }

        var context = ContextWith(heard);
        if (context.Entries > Context.Entries && (context.Entries > _options.MostEntries / 2
            || context.Open.GetValueOrDefault(heard.Dot.Epoch)?.Ranges.Length > ReplicaOptions.MostRanges))
        {
            Counters.NoRoom++;
            return ApplyOutcome.NoRoom;
        }

        var draft = DraftOf(heard, context);
        if (!Commit(draft))
        {
            return ApplyOutcome.StoreFailed;
        }

        Counters.Applied++;
        LeaveSharedEpoch();
        foreach (var session in _sessions)
        {
            session.Note(draft.Added);
        }

        return ApplyOutcome.Applied;
    }

    /// <summary>Somebody else writes in the epoch of this replica: a copy of it that runs. This one takes
    /// another.</summary>
    private void LeaveSharedEpoch()
    {
        if (_epoch is { } mine && Context.LastOf(mine) > _sequence)
        {
            AbandonEpoch();
        }
    }

    private CausalContext ContextWith(MapEvent change)
    {
        var context = Context.With(change.Dot);
        foreach (var (epoch, last) in change.Closed)
        {
            context = context.WithClosed(epoch, last);
        }

        return context;
    }

    private ReplicaDraft DraftOf(MapEvent change, CausalContext context)
    {
        var draft = new ReplicaDraft(context, change.Entries.Count);
        for (var i = 0; i < change.Entries.Count; i++)
        {
            var entry = change.Entries[i];
            foreach (ref readonly var row in _index.OfKey(entry.Path))
            {
                if (entry.Replaces(row))
                {
                    draft.Dropped.Add(row);
                }
            }

            // Of an event that is claimed in part, this row is here already.
            if (entry.Row is null)
            {
                draft.Log(new LoggedRemoval(change.Dot, entry));
            }
            else if (!Context.Covers(change.Dot, entry.Path))
            {
                draft.Added.Add(new(entry.Row, _options.Digester.Of(entry.Row)));
            }
        }

        return draft;
    }

    private static bool IsSound(MapEvent heard)
    {
        if (heard.Dot.Sequence == 0 || heard.Dot.Epoch.Node.IsNone || heard.Entries.Count > MostEntries
            || heard.Closed.Count > ReplicaOptions.MostChanges || heard.Entries.Count + heard.Closed.Count == 0)
        {
            return false;
        }

        foreach (var (epoch, last) in heard.Closed)
        {
            if (epoch.Node != heard.Dot.Epoch.Node || epoch == heard.Dot.Epoch || last == 0)
            {
                return false;
            }
        }

        var written = new HashSet<RowPath>();
        foreach (var entry in heard.Entries)
        {
            if (entry.Row is { } row && (row.Dot != heard.Dot || !row.Path.Equals(entry.Path) || entry.IsScope
                || !written.Add(row.Path) || (row.IsWhole && heard.Entries.Count + heard.Closed.Count > 1)))
            {
                return false;
            }

            if (entry.Replaced.Contains(heard.Dot))
            {
                return false;
            }
        }

        return true;
    }
}
