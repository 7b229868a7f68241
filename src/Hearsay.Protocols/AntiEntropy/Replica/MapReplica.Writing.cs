using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <content>Writes of this node.</content>
internal sealed partial class MapReplica
{
    /// <summary>Does some changes as one event.</summary>
    /// <param name="changes">At most <see cref="ReplicaOptions.MostChanges"/>, of which no two touch the same rows.
    /// </param>
    /// <param name="time">The stamp of new rows, unless a row that they replace has a higher one.</param>
    /// <param name="dot">The event, if it was committed.</param>
    public WriteOutcome Write(IReadOnlyList<MapChange> changes, ulong time, out Dot dot)
    {
        dot = NextDot();
        if (changes.Count is 0 or > ReplicaOptions.MostChanges || Overlap(changes))
        {
            return WriteOutcome.Refused;
        }

        var entries = new List<EventEntry>(changes.Count);
        for (var i = 0; i < changes.Count; i++)
        {
            if (AddEntries(entries, changes[i], dot, time, isWhole: changes.Count == 1) is { } refused)
            {
                return refused;
            }
        }

        return entries.Count == 0 ? WriteOutcome.Nothing : Write(new MapEvent(dot, entries, []));
    }

    /// <summary>Removes what has expired, as many rows as fit a batch.</summary>
    /// <param name="now">In milliseconds since 1970.</param>
    /// <param name="patience">
    /// How much longer rows of other writers stay, in milliseconds: as a rule these remove them themselves.
    /// </param>
    /// <param name="dot">The event, if one was committed.</param>
    public WriteOutcome RemoveExpired(long now, long patience, out Dot dot)
    {
        dot = default;
        var entries = new List<EventEntry>();
        foreach (var (expiry, claim) in _index.Expiring)
        {
            if (expiry > now || entries.Count == ReplicaOptions.MostChanges)
            {
                break;
            }

            if (claim.Dot.Epoch.Node == Node || expiry <= now - patience)
            {
                entries.Add(new EventEntry(claim.Path, IsScope: false, [claim.Dot], Row: null));
            }
        }

        if (entries.Count == 0)
        {
            return WriteOutcome.Nothing;
        }

        dot = NextDot();
        return Write(new MapEvent(dot, entries, []));
    }

    /// <summary>Tells all that earlier epochs of this node have ended, so that replicas may fold them.</summary>
    /// <param name="dot">The event, if one was committed.</param>
    public WriteOutcome CloseEpochs(out Dot dot)
    {
        dot = NextDot();
        var current = dot.Epoch;
        KeyValuePair<EpochId, ulong>[] closed =
        [
            .. Context.Open.Where(open => open.Key.Node == Node && open.Key != current && !IsClosed(open.Key))
                .Take(ReplicaOptions.MostChanges)
                .Select(open => KeyValuePair.Create(open.Key, open.Value.Last)),
        ];
        return closed.Length == 0 ? WriteOutcome.Nothing : Write(new MapEvent(dot, [], closed));
    }

    private bool IsClosed(EpochId epoch) => Context.Closed.ContainsKey(epoch) || Context.Folded.ContainsKey(epoch);

    /// <summary>
    /// The dot of the next event. A new epoch is drawn, but it is ours only once an event of it is committed.
    /// </summary>
    private Dot NextDot()
    {
        if (_epoch is null)
        {
            (_epoch, _sequence) = (new EpochId(Node, _epochs.Next()), 0);
        }

        return new Dot(_epoch.Value, _sequence + 1);
    }

    private WriteOutcome Write(MapEvent change)
    {
        var context = ContextWith(change);
        if (context.Entries > Context.Entries && context.Entries > _options.MostEntries)
        {
            return WriteOutcome.Refused;
        }

        var draft = DraftOf(change, context);
        draft.Own = change;
        if (!Commit(draft))
        {
            // Nobody knows whether the store has it. Its number must not be used again, and a gap would keep the epoch
            // from ever being folded.
            AbandonEpoch();
            return WriteOutcome.StoreFailed;
        }

        _sequence = change.Dot.Sequence;
        return WriteOutcome.Committed;
    }

    private void AbandonEpoch()
    {
        _epoch = null;
        Counters.EpochsAbandoned++;
    }

    /// <summary>What one change does; what becomes of the write if it cannot be done.</summary>
    private WriteOutcome? AddEntries(List<EventEntry> entries, MapChange change, Dot dot, ulong time, bool isWhole)
    {
        if (change.Kind is not { } kind)
        {
            AddRemoval(entries, change.Path);
            return null;
        }

        var (path, value) = (change.Path, change.Value);
        if (kind == RowKind.Share)
        {
            path = SharePath(path, dot.Epoch);
            if (!TryReadShare(path, out var share))
            {
                return WriteOutcome.Damaged;
            }

            if (share.With(change.Amount) is not { } next)
            {
                return WriteOutcome.CounterFull;
            }

            value = next.ToBytes();
        }

        var replaced = ReplacedAt(ref path, ref time);
        entries.Add(new EventEntry(path, IsScope: false, replaced,
            new MapRow(path, dot, kind, time, change.Expiry, isWhole, value)));
        return null;
    }

    /// <summary>The share at a path, or an empty one; false if its row is damaged.</summary>
    private bool TryReadShare(RowPath path, out CounterShare share)
    {
        share = default;
        foreach (var row in _index.OfKey(path).ToArray())
        {
            if (row.Path.Equals(path))
            {
                if (!TryRead(row.Claim, out var before))
                {
                    return false;
                }

                share = CounterShare.Read(before.Value.Span);
            }
        }

        return true;
    }

    /// <summary>The events whose rows a write replaces.</summary>
    /// <param name="path">The path that is written; it becomes that of such a row, so that one array serves both.
    /// </param>
    /// <param name="stamp">The stamp of the new row, which becomes higher than that of any of those rows.</param>
    private Dot[] ReplacedAt(ref RowPath path, ref ulong stamp)
    {
        var count = 0;
        var rows = _index.OfKey(path);
        foreach (ref readonly var row in rows)
        {
            count += row.Path.Equals(path) ? 1 : 0;
        }

        var (replaced, at) = (count == 0 ? [] : new Dot[count], 0);
        foreach (ref readonly var row in rows)
        {
            if (row.Path.Equals(path))
            {
                replaced[at++] = row.Dot;
                path = row.Path;
                stamp = Math.Max(stamp, row.Stamp == ulong.MaxValue ? row.Stamp : row.Stamp + 1);
            }
        }

        return replaced;
    }

    /// <summary>
    /// A share belongs to an epoch and not to a node: one that was restored from an old disk begins anew at zero,
    /// instead of counting twice what it had added after that.
    /// </summary>
    private static RowPath SharePath(RowPath counter, EpochId epoch)
    {
        Span<byte> part = stackalloc byte[EpochId.SizeBytes];
        epoch.Node.Write(part);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(part[NodeId.SizeBytes..], epoch.Number);
        return counter.Child(part);
    }

    private void AddRemoval(List<EventEntry> entries, RowPath path)
    {
        var whole = new List<Dot>();
        foreach (var row in _index.OfKey(path))
        {
            if (!row.Path.IsWithin(path))
            {
                continue;
            }

            if (!Context.Covers(row.Dot))
            {
                entries.Add(new EventEntry(row.Path, IsScope: false, [row.Dot], Row: null));
            }
            else if (!whole.Contains(row.Dot))
            {
                whole.Add(row.Dot);
            }
        }

        if (whole.Count > 0)
        {
            entries.Add(new EventEntry(path, IsScope: true, whole, Row: null));
        }
    }

    private static bool Overlap(IReadOnlyList<MapChange> changes)
    {
        if (changes.Count == 1)
        {
            return false;
        }

        // What is beneath a path follows it at once in this order.
        var sorted = changes.OrderBy(static change => change.Path).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            var (a, b) = (sorted[i - 1], sorted[i]);
            if (a.Path.Equals(b.Path) || (a.Kind is null && b.Path.IsWithin(a.Path)))
            {
                return true;
            }
        }

        return false;
    }
}
