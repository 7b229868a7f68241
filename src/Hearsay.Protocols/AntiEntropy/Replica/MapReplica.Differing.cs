using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <content>Differences of contexts: what a peer lacks follows from what it says that it has seen.</content>
internal sealed partial class MapReplica
{
    /// <summary>What a trusted peer lacks. It costs what differs, and never the number of rows.</summary>
    /// <param name="theirs">The peer's context.</param>
    /// <param name="mostDots">How many events that the peer lacks are looked at.</param>
    /// <param name="difference">What it lacks.</param>
    /// <returns>
    /// False if this way is closed: this replica is not trusted, the log may lack a removal, too much differs, or a row
    /// is damaged. The sketch is the other way. It may be told when <see cref="Committed"/> of now is durable.
    /// </returns>
    public bool TryDiffer(CausalContext theirs, int mostDots, out ContextDifference difference)
    {
        difference = null!;
        if (!IsTrusted || !theirs.Covers(LogFloor)
            || !TryCollect(theirs, mostDots, out var lacking))
        {
            return false;
        }

        var (rows, touched) = (new List<MapRow>(lacking.Count), new Dictionary<(RowPath, bool), TouchedPath>());
        foreach (var claim in lacking)
        {
            if (!TryRead(claim, out var row))
            {
                return false;
            }

            rows.Add(row);
            Touch(touched, claim.Path, isScope: false);
        }

        var removals = new List<LoggedRemoval>();
        foreach (var removal in Log)
        {
            if (!theirs.Covers(removal.Dot))
            {
                removals.Add(removal);
                Touch(touched, removal.Entry.Path, removal.Entry.IsScope);
            }
        }

        // What is claimed in part may be gone without an event that is known here.
        foreach (var claim in Context.Claims)
        {
            Touch(touched, claim.Path, isScope: false);
        }

        difference = new ContextDifference(theirs, Context, rows, removals, [.. touched.Values]);
        return true;
    }

    /// <summary>Applies what this replica lacked when it told its context.</summary>
    /// <returns>
    /// False if nothing was done: trust has ended since, so that rows are missing which the difference takes for
    /// granted, or the store failed.
    /// </returns>
    public bool ApplyDifference(ContextDifference difference)
    {
        if (!IsTrusted || !Context.Covers(difference.Base)
            || difference.Base.Claims.Any(claim => !Context.Covers(claim.Dot, claim.Path)))
        {
            Counters.ExchangesVoided++;
            return false;
        }

        var context = Context.Union(difference.Context);
        if (!HasRoomFor(context))
        {
            return false;
        }

        var draft = new ReplicaDraft(context);
        foreach (var row in difference.Rows)
        {
            if (!Context.Covers(row.Dot, row.Path))
            {
                draft.Added.Add(new(row, _options.Digester.Of(row)));
            }
        }

        var dropped = new HashSet<RowClaim>();
        foreach (var touched in difference.Touched)
        {
            foreach (var row in _index.OfKey(touched.Path))
            {
                if (touched.Includes(row.Path) && difference.Context.Covers(row.Dot, row.Path)
                    && !touched.Live.Contains(row.Claim) && dropped.Add(row.Claim))
                {
                    draft.Dropped.Add(row);
                }
            }
        }

        foreach (var removal in difference.Removals.Where(removal => !Context.Covers(removal.Dot)))
        {
            draft.Log(removal);
        }

        if (!Commit(draft))
        {
            return false;
        }

        Counters.Exchanges++;
        LeaveSharedEpoch();
        foreach (var session in _sessions)
        {
            session.Note(draft.Added);
        }

        return true;
    }

    /// <summary>The rows that a context does not cover; false if it lacks too many events.</summary>
    private bool TryCollect(CausalContext theirs, int mostDots, out List<RowClaim> lacking)
    {
        lacking = [];
        var left = (ulong)mostDots;
        foreach (var epoch in Context.Open.Keys.Concat(FoldedBeyond(theirs)))
        {
            foreach (var range in Context.SeenOf(epoch).Except(theirs.SeenOf(epoch)))
            {
                if (range.Last - range.First >= left)
                {
                    return false;
                }

                left -= range.Last - range.First + 1;
                for (var sequence = range.First; sequence <= range.Last; sequence++)
                {
                    var dot = new Dot(epoch, sequence);
                    foreach (var path in _index.PathsOf(dot))
                    {
                        if (!theirs.Covers(dot, path))
                        {
                            lacking.Add(new RowClaim(dot, path));
                        }
                    }
                }
            }
        }

        foreach (var claim in Context.Claims)
        {
            if (!theirs.Covers(claim.Dot, claim.Path) && _index.TryFind(claim, out _))
            {
                lacking.Add(claim);
            }
        }

        lacking = [.. lacking.Distinct()];
        return true;
    }

    /// <summary>The folded epochs of which another context has not seen all.</summary>
    private IEnumerable<EpochId> FoldedBeyond(CausalContext theirs) => ReferenceEquals(Context.Folded, theirs.Folded)
        ? [] : Context.Folded.Where(one => theirs.Folded.GetValueOrDefault(one.Key) < one.Value)
            .Select(static one => one.Key);

    private void Touch(Dictionary<(RowPath, bool), TouchedPath> touched, RowPath path, bool isScope)
    {
        if (touched.ContainsKey((path, isScope)))
        {
            return;
        }

        var live = new List<RowClaim>();
        foreach (var row in _index.OfKey(path))
        {
            if (isScope ? row.Path.IsWithin(path) : row.Path.Equals(path))
            {
                live.Add(row.Claim);
            }
        }

        touched.Add((path, isScope), new TouchedPath(path, isScope, live));
    }
}
