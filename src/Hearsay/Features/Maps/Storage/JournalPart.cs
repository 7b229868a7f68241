using System.Collections.Immutable;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Features.Maps.Storage;

/// <summary>One map in the journal of a node: its transactions on their way to the store.</summary>
/// <param name="journal">The journal.</param>
/// <param name="name">The map.</param>
internal sealed class JournalPart(MapJournal journal, string name)
{
    private static readonly ImmutableQueue<LoggedRemoval> s_noLog = [];

    private long _appended;
    private long _durable;
    private volatile bool _isFailed;
    private ulong _firstRemoval;
    private ulong _removals;
    private FoldedRecords _folded = FoldedRecords.None;

    /// <summary>Keys of records that mean nothing, which go with the next commit.</summary>
    private List<byte[]> _rubbish = [];

    /// <summary>The map.</summary>
    public string Name { get; } = name;

    /// <summary>Whether transactions have failed, and the loop does not know it yet.</summary>
    public bool IsFailed => _isFailed;

    /// <summary>Reads the map from the store. Before the journal runs.</summary>
    /// <exception cref="IOException">The store is damaged.</exception>
    public StoredReplica Load()
    {
        var records = journal.Read(Name).GetEnumerator();
        var (claims, log, isWhole, more) = (default(ReplicaClaims), s_noLog, true, records.MoveNext());
        (_firstRemoval, _removals, _folded) = (0, 0, FoldedRecords.None);
        if (more && records.Current.Key.Span is [RecordCodec.Claims])
        {
            var stored = records.Current.Value;
            more = records.MoveNext();
            more = ReadFolded(records, more);
            isWhole = RecordCodec.TryRead(stored.Span, out claims, out _firstRemoval, out _removals, _folded);
        }

        var next = _firstRemoval;
        for (; more && records.Current.Key.Span[0] == RecordCodec.Removal; more = records.MoveNext())
        {
            if (isWhole && RecordCodec.TryReadRemoval(records.Current, out var place, out var removal)
                && place == next)
            {
                (log, next) = (log.Enqueue(removal), next + 1);
            }
            else
            {
                (isWhole, _) = (false, Discard(records.Current));
            }
        }

        if (!isWhole || next != _firstRemoval + _removals)
        {
            // Without some removals nobody can be told all removals.
            (log, claims) = (s_noLog, claims is null ? null : claims with { LogFloor = claims.Context });
            DiscardLog(next);
        }

        return new StoredReplica(
            more ? Rows(records) : Ended(records), (claims ?? ReplicaClaims.Empty) with { Log = log })
        {
            AboutRows = journal.EstimateCount(Name),
        };
    }

    /// <summary>Takes a transaction. Inside the loop.</summary>
    /// <returns>False while earlier ones have failed, or if too many wait.</returns>
    public bool TryAppend(ReplicaTransaction transaction)
    {
        if (!journal.TryEnqueue(this, transaction))
        {
            return false;
        }

        _appended++;
        return true;
    }

    /// <summary>How far the store is. Inside the loop.</summary>
    public StoreProgress Progress()
    {
        var isFailed = _isFailed;
        var durable = Interlocked.Read(ref _durable);
        if (isFailed)
        {
            // From here on new ones are taken again.
            (_appended, _isFailed) = (durable, false);
            return new StoreProgress(SyncOutcome.Undone, durable);
        }

        return new StoreProgress(durable == _appended ? SyncOutcome.Done : SyncOutcome.Waiting, durable);
    }

    /// <summary>Some transactions of this map as changes of records. On the journal's thread.</summary>
    /// <param name="transactions">The transactions, in order.</param>
    /// <param name="changes">Gets the changes.</param>
    /// <returns>Called when the changes are durable.</returns>
    public Action Encode(IReadOnlyList<ReplicaTransaction> transactions, List<MapRecordChange> changes)
    {
        var (first, count, rubbish) = (_firstRemoval, _removals, _rubbish);
        foreach (var key in rubbish)
        {
            changes.Add(new MapRecordChange(Name, key, null));
        }

        foreach (var transaction in transactions)
        {
            foreach (var claim in transaction.Dropped)
            {
                changes.Add(new MapRecordChange(Name, RecordCodec.KeyOf(claim), null));
            }

            foreach (var (row, digest) in transaction.Added)
            {
                changes.Add(new MapRecordChange(
                    Name, RecordCodec.KeyOf(new RowClaim(row.Dot, row.Path)), RecordCodec.ToBytes(row, digest)));
            }

            foreach (var removal in transaction.Log.Added)
            {
                changes.Add(new MapRecordChange(
                    Name, RecordCodec.KeyOf(first + count++), RecordCodec.ToBytes(removal)));
            }

            for (var dropped = transaction.Log.Dropped; dropped > 0 && count > 0; dropped--, count--)
            {
                changes.Add(new MapRecordChange(Name, RecordCodec.KeyOf(first++), null));
            }
        }

        var claims = transactions[^1].Claims;
        var folded = _folded.With(Name, claims.Context, claims.LogFloor, changes);
        changes.Add(new MapRecordChange(
            Name, RecordCodec.ClaimsKey, RecordCodec.ToBytes(claims, first, count, folded)));
        return () =>
        {
            (_firstRemoval, _removals, _folded) = (first, count, folded);
            _rubbish = _rubbish.Count == rubbish.Count ? [] : _rubbish;
            Interlocked.Add(ref _durable, transactions.Count);
        };
    }

    /// <summary>What waits is not done, and will not be. On the journal's thread.</summary>
    public void Fail() => _isFailed = true;

    private IEnumerable<KeyValuePair<MapRow, UInt128>> Rows(IEnumerator<MapRecord> records)
    {
        using (records)
        {
            do
            {
                if (RecordCodec.TryReadRow(records.Current, out var row, out var digest))
                {
                    yield return new(row, digest);
                }
                else
                {
                    Discard(records.Current);
                }
            }
            while (records.MoveNext());
        }
    }

    private bool ReadFolded(IEnumerator<MapRecord> records, bool more)
    {
        for (; more && records.Current.Key.Span[0] == FoldedRecord.Kind; more = records.MoveNext())
        {
            _ = _folded.TryAdd(records.Current, out _folded) || Discard(records.Current);
        }

        return more;
    }

    private static IEnumerable<KeyValuePair<MapRow, UInt128>> Ended(IEnumerator<MapRecord> records)
    {
        records.Dispose();
        return [];
    }

    private bool Discard(in MapRecord record)
    {
        _rubbish.Add(record.Key.ToArray());
        return true;
    }

    private void DiscardLog(ulong next)
    {
        for (; _firstRemoval < next; _firstRemoval++)
        {
            _rubbish.Add(RecordCodec.KeyOf(_firstRemoval));
        }

        (_firstRemoval, _removals) = (next, 0);
    }
}
