using System.Buffers.Binary;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Lab.Models.AntiEntropy.Replicate;

/// <summary>
/// The state of a map as a join-semilattice, as delta CRDTs have it: a row is there if its event was seen and nobody
/// has dropped it (Almeida, Shoker, Baquero, "Delta State Replicated Data Types", 2018).
/// </summary>
internal sealed class DeltaState
{
    private readonly Dictionary<Dot, MapRow> _rows = [];
    private readonly Dictionary<RowPath, List<MapRow>> _paths = [];

    /// <summary>The events that were seen.</summary>
    public CausalContext Seen { get; private set; } = CausalContext.Empty;

    /// <summary>All rows.</summary>
    public IReadOnlyCollection<MapRow> Rows => _rows.Values;

    /// <summary>The rows of a key.</summary>
    public IReadOnlyList<MapRow> RowsOf(RowPath path) => _paths.GetValueOrDefault(path.Key) ?? [];

    /// <summary>All of it as one delta.</summary>
    public MapDelta ToDelta() => new([.. _rows.Values], Seen);

    /// <summary>What a write is to others: the row, its event, and the events whose rows it replaces.</summary>
    /// <param name="change">The write.</param>
    /// <param name="dot">Its event.</param>
    /// <param name="stamp">The time of day in milliseconds.</param>
    public MapDelta DeltaOf(MapChange change, Dot dot, ulong stamp)
    {
        var (path, value) = (change.Path, change.Value);
        if (change.Kind == RowKind.Share)
        {
            path = path.Child(BytesOf(dot.Epoch));
        }

        var (seen, share) = (CausalContext.Empty.With(dot), default(CounterShare));
        foreach (var row in RowsOf(path).Where(row => row.Path.Equals(path)))
        {
            seen = seen.WithSeen(row.Dot.Epoch, SequenceSet.Of(row.Dot.Sequence, row.Dot.Sequence));
            share = CounterShare.Read(row.Value.Span);
        }

        value = change.Kind == RowKind.Share ? share.With(change.Amount)!.Value.ToBytes() : value;
        return new MapDelta([new MapRow(path, dot, change.Kind!.Value, stamp, 0, true, value)], seen);
    }

    /// <summary>Joins a delta.</summary>
    /// <returns>The part of it that was new: rows that came, and events that were seen or lost their rows.</returns>
    public MapDelta Join(MapDelta delta)
    {
        var fresh = delta.Rows.Where(row => !Seen.Covers(row.Dot)).ToArray();
        var kept = delta.Rows.Select(static row => row.Dot).ToHashSet();
        var gone = LiveIn(delta.Seen).Where(row => !kept.Contains(row.Dot)).ToArray();
        var news = CausalContext.Empty;
        foreach (var (epoch, seen) in delta.Seen.Open)
        {
            foreach (var range in seen.Except(Seen.SeenOf(epoch)))
            {
                news = news.WithSeen(epoch, SequenceSet.Of(range.First, range.Last));
            }
        }

        foreach (var row in gone)
        {
            Drop(row);
            news = news.WithSeen(row.Dot.Epoch, SequenceSet.Of(row.Dot.Sequence, row.Dot.Sequence));
        }

        Seen = Seen.Union(delta.Seen);
        Array.ForEach(fresh, Put);
        return new MapDelta(fresh, news);
    }

    private static byte[] BytesOf(EpochId epoch)
    {
        var bytes = new byte[EpochId.SizeBytes];
        epoch.Node.Write(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(NodeId.SizeBytes), epoch.Number);
        return bytes;
    }

    /// <summary>The rows whose events a context covers.</summary>
    private IEnumerable<MapRow> LiveIn(CausalContext seen)
    {
        foreach (var (epoch, numbers) in seen.Open)
        {
            foreach (var range in numbers.Ranges.ToArray())
            {
                if (range.Last - range.First > (ulong)_rows.Count)
                {
                    foreach (var row in _rows.Values.Where(row =>
                        row.Dot.Epoch == epoch && row.Dot.Sequence >= range.First && row.Dot.Sequence <= range.Last))
                    {
                        yield return row;
                    }

                    continue;
                }

                for (var sequence = range.First; sequence <= range.Last; sequence++)
                {
                    if (_rows.TryGetValue(new Dot(epoch, sequence), out var row))
                    {
                        yield return row;
                    }
                }
            }
        }
    }

    private void Put(MapRow row)
    {
        _rows[row.Dot] = row;
        if (!_paths.TryGetValue(row.Path.Key, out var rows))
        {
            _paths[row.Path.Key] = rows = [];
        }

        rows.Add(row);
    }

    private void Drop(MapRow row)
    {
        _rows.Remove(row.Dot);
        _paths[row.Path.Key].Remove(row);
    }
}
