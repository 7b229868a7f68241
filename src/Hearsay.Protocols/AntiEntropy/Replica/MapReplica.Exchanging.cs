using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <content>Exchanges of what differs.</content>
internal sealed partial class MapReplica
{
    /// <summary>
    /// Opens an exchange with a peer that has told its summary. Its parts are staged in the session and nobody sees
    /// them before <see cref="Complete"/>.
    /// </summary>
    public ExchangeSession BeginExchange(ReplicaSummary peer)
    {
        if (_sessions.Count >= _options.OpenExchanges)
        {
            _sessions[0].IsVoid = true;
            _sessions.RemoveAt(0);
            Counters.ExchangesVoided++;
        }

        var session = new ExchangeSession(peer, _options.RowsBesideExchange);
        _sessions.Add(session);
        return session;
    }

    /// <summary>An exchange was cut: as if it had never begun.</summary>
    public void Abort(ExchangeSession session)
    {
        session.IsVoid = true;
        _sessions.Remove(session);
    }

    /// <summary>
    /// All parts are here. One transaction takes the peer's rows that this context does not cover, drops the rows here
    /// that the peer's context covers and that it does not have, and joins the contexts.
    /// </summary>
    /// <returns>False if nothing was done: the exchange was cut, or the store failed.</returns>
    public bool Complete(ExchangeSession session)
    {
        _sessions.Remove(session);
        if (session.IsVoid)
        {
            return false;
        }

        session.IsVoid = true;
        var peer = session.Peer;
        var context = Context.Union(peer.Context);
        if (!HasRoomFor(context))
        {
            return false;
        }

        var draft = new ReplicaDraft(context);
        foreach (var row in session.OnlyTheirs)
        {
            if (_index.TryFind(new RowClaim(row.Dot, row.Path), out var mine))
            {
                Counters.ConflictingDots += mine.Digest != _options.Digester.Of(row) ? 1 : 0;
            }
            else if (!Context.Covers(row.Dot, row.Path))
            {
                draft.Added.Add(new(row, _options.Digester.Of(row)));
            }
        }

        foreach (var claim in session.OnlyMine)
        {
            if (peer.Context.Covers(claim.Dot, claim.Path) && _index.TryFind(claim, out var row))
            {
                draft.Dropped.Add(row);
            }
        }

        if (!Context.Covers(peer.Context))
        {
            // The peer may have seen removals that nobody told here.
            draft.LogFloor = LogFloor.Union(peer.Context);
        }

        draft.IsTrusted = IsTrusted || peer.IsTrusted;
        if (!Commit(draft))
        {
            return false;
        }

        Counters.Exchanges++;
        LeaveSharedEpoch();
        foreach (var other in _sessions)
        {
            other.Note(draft.Added);
        }

        return true;
    }

    /// <summary>Whether peers could read a context that an exchange leads to.</summary>
    private bool HasRoomFor(CausalContext context)
    {
        var isHere = context.Entries <= Context.Entries || context.Entries <= _options.MostEntries / 4 * 3L;
        Counters.ContextsRefused += isHere ? 0 : 1;
        return isHere;
    }
}
