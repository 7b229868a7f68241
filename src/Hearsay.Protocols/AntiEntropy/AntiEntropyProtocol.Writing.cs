using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy;

/// <content>Writes of this node, and events of others.</content>
internal sealed partial class AntiEntropyProtocol
{
    /// <summary>How long others leave a row that has expired to its writer.</summary>
    private static readonly TimeSpan s_leastPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_mostPatience = TimeSpan.FromSeconds(60);

    /// <summary>How many batches of rows that have expired are removed in a cycle.</summary>
    private const int MostRemovals = 16;

    /// <summary>How many cycles a replica that is not trusted looks for one that is.</summary>
    private const int MostCyclesAlone = 60;

    private TimeSpan? _patience;

    private void Write(MapWriteCommand write)
    {
        if (write.Confirm is not null && _confirming >= MostConfirmations)
        {
            // Before anything is written: who tries again must not do it twice.
            Counters.Refused++;
            write.Done?.Invoke(WriteOutcome.Busy, default);
            return;
        }

        if (!TryOpen(write.Name, out var map))
        {
            write.Done?.Invoke(WriteOutcome.Refused, default);
            return;
        }

        var rows = map.Replica.Count;
        var outcome = map.Replica.Write(write.Changes, write.TimeMilliseconds, out var dot);
        if (outcome == WriteOutcome.Damaged)
        {
            // Trust has ended, and the damaged row is no longer there.
            outcome = map.Replica.Write(write.Changes, write.TimeMilliseconds, out dot);
        }

        if (outcome == WriteOutcome.Committed)
        {
            map.Await(dot, write.Confirm is null ? write.Done : ThenConfirm(write, write.Confirm));
        }

        var isKept = Settle(map, rows);
        if (outcome != WriteOutcome.Committed)
        {
            write.Done?.Invoke(isKept ? outcome : WriteOutcome.StoreFailed, dot);
        }
    }

    private void Apply(SharedMap map, MapEvent heard)
    {
        var rows = map.Replica.Count;
        ApplyWithWaiting(map, heard, isNew: true);
        Settle(map, rows);
    }

    /// <summary>Applies an event, and what has waited for it, and what has waited for that.</summary>
    private void ApplyWithWaiting(SharedMap map, MapEvent heard, bool isNew)
    {
        var next = new Queue<MapEvent>();
        next.Enqueue(heard);
        while (next.TryDequeue(out var one))
        {
            switch (MayTake(map, one, out var opened) ? map.Replica.Apply(one) : ApplyOutcome.NoRoom)
            {
                case ApplyOutcome.Applied:
                    Counters.Applied++;
                    map.Strangers += opened;
                    map.NoteEvent();
                    foreach (var waiting in map.Waiting.Take(one.Dot))
                    {
                        next.Enqueue(waiting);
                    }

                    break;
                case ApplyOutcome.AlreadySeen:
                    Counters.AlreadySeen += isNew ? 1 : 0;
                    break;
                case ApplyOutcome.LeftToExchange:
                    LetWait(map, one, isNew && ReferenceEquals(one, heard));
                    break;
                case ApplyOutcome.NoRoom:
                    Counters.EventsRefused++;
                    break;
                case ApplyOutcome.Refused:
                    Counters.Malformed++;
                    break;
            }
        }
    }

    /// <summary>What it replaces is on its way, as a rule; else an exchange brings both.</summary>
    private void LetWait(SharedMap map, MapEvent heard, bool isNew)
    {
        if (heard.MissingIn(map.Replica.Context) is { } missing)
        {
            map.Waiting.Add(missing, heard);
        }

        if (isNew)
        {
            Counters.LeftToExchange++;
            BeatSoon();
        }
    }

    /// <summary>An exchange has brought much at once: what waits may have waited for it.</summary>
    private void TryWaiting(SharedMap map)
    {
        var rows = map.Replica.Count;
        foreach (var one in map.Waiting.Count > 0 ? map.Waiting.TakeAll() : [])
        {
            ApplyWithWaiting(map, one, isNew: false);
        }

        Settle(map, rows);
    }

    /// <summary>
    /// Makes what was committed durable, or looks how far that is, and lets leave what may: events of this node, and
    /// offers that were held back.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="rowsBefore">How many rows it had before the input.</param>
    /// <returns>
    /// False if the store failed. What was not durable is undone then, or the map was opened anew, and its exchanges
    /// are forgotten.
    /// </returns>
    private bool Settle(SharedMap map, int rowsBefore)
    {
        var outcome = map.Settle(Counters);
        RowCount += map.Replica.Count - rowsBefore;
        foreach (var one in map.Leaving)
        {
            Push(map, one);
        }

        var isKept = outcome is SyncOutcome.Done or SyncOutcome.Waiting;
        Counters.Written += map.TellWriters(outcome);
        if (!isKept)
        {
            ForgetExchanges(map);
        }

        SendHeld(map);
        return isKept;
    }

    /// <summary>What is done with a map once a cycle.</summary>
    private void Tend(SharedMap map)
    {
        var (replica, rows) = (map.Replica, map.Replica.Count);
        if (!replica.IsTrusted && ++map.CyclesAlone > MostCyclesAlone)
        {
            replica.TrustWhatIsHere();
        }

        if (replica.Epoch is not null && map.Completed > 0)
        {
            // An exchange has brought what this node wrote before it was started again.
            replica.CloseEpochs(out _);
        }

        CountStrangers(map);
        RemoveExpired(map);
        Settle(map, rows);
        map.NoteTime(_context.Now, s_settled);
    }

    private void RemoveExpired(SharedMap map)
    {
        if (_stores.UtcMilliseconds is not (> 0 and var now) || Counters.IsClockOff)
        {
            return;
        }

        // Each node at another time, so that not all remove the same.
        _patience ??= _context.Random.Between(s_leastPatience, s_mostPatience);
        var patience = (long)_patience.Value.TotalMilliseconds;
        for (var i = 0; i < MostRemovals; i++)
        {
            if (map.Replica.RemoveExpired(now, patience, out var dot) != WriteOutcome.Committed)
            {
                break;
            }

            Counters.Expired++;
            map.Await(dot, null);
        }
    }
}
