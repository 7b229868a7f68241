using System.Runtime.InteropServices;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>
/// The rows of a replica in memory, without their values, by path and by dot, and what follows from them: the root and
/// the sketch. All of it changes together, here and nowhere else.
/// </summary>
/// <remarks>Not thread safe.</remarks>
internal sealed class RowIndex
{
    private const int MostSpares = 16;

    private readonly Dictionary<RowPath, List<RowEntry>> _keys = [];
    private readonly Dictionary<Dot, DotPaths> _dots = [];
    private readonly Dictionary<ulong, RowClaim> _symbols = [];

    /// <summary>The rows that expire, by when.</summary>
    private readonly SortedSet<(long Expiry, RowClaim Claim)> _expiring = [];

    /// <summary>Lists of rows that are gone, for the next ones: an overwrite needs one each.</summary>
    private readonly Stack<List<RowEntry>> _spareRows = new();

    /// <summary>An index without rows.</summary>
    public RowIndex(SketchPrefix sketch) => Sketch = sketch;

    /// <summary>The sketch of all rows.</summary>
    public SketchPrefix Sketch { get; }

    /// <summary>The sum of the digests of all rows.</summary>
    public UInt128 Root { get; private set; }

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>All rows, in no particular order.</summary>
    public IEnumerable<RowEntry> All => _keys.Values.SelectMany(rows => rows);

    /// <summary>The rows that expire, with the moment, the earliest first.</summary>
    public IReadOnlyCollection<(long Expiry, RowClaim Claim)> Expiring => _expiring;

    /// <summary>The rows at a path and beneath it.</summary>
    public ReadOnlySpan<RowEntry> OfKey(RowPath path) =>
        _keys.TryGetValue(path.Key, out var rows) ? CollectionsMarshal.AsSpan(rows) : default;

    /// <summary>The paths at which an event has rows.</summary>
    public IReadOnlyList<RowPath> PathsOf(Dot dot) => _dots.TryGetValue(dot, out var paths) ? paths.All : [];

    /// <summary>The row of an event at a path; false if there is none.</summary>
    public bool TryFind(RowClaim claim, out RowEntry entry)
    {
        var rows = OfKey(claim.Path);
        var index = IndexOf(rows, claim);
        entry = index < 0 ? default : rows[index];
        return index >= 0;
    }

    /// <summary>The row that a symbol of the sketch stands for; false if there is none.</summary>
    public bool TryFind(ulong symbol, out RowEntry entry)
    {
        entry = default;
        return _symbols.TryGetValue(symbol, out var claim) && TryFind(claim, out entry);
    }

    /// <summary>Puts in a row that is not there.</summary>
    public void Add(in RowEntry entry)
    {
        var key = entry.Path.Key;
        if (!_keys.TryGetValue(key, out var rows))
        {
            _keys[key] = rows = _spareRows.TryPop(out var spare) ? spare : new(1);
        }

        rows.Add(entry);
        Count++;
        Note(entry);
        Sketch.Add(entry.Symbol);
    }

    /// <summary>Puts in a row in the place of one of the same path, which goes; false if that is not there.</summary>
    public bool TryReplace(in RowClaim before, in RowEntry entry)
    {
        if (!before.Path.Equals(entry.Path) || !_keys.TryGetValue(entry.Path.Key, out var rows)
            || IndexOf(CollectionsMarshal.AsSpan(rows), before) is not (>= 0 and var index))
        {
            return false;
        }

        ref var row = ref CollectionsMarshal.AsSpan(rows)[index];
        var gone = row.Symbol;
        Forget(row);
        row = entry;
        Note(entry);
        Sketch.Replace(gone, entry.Symbol);
        return true;
    }

    private static int IndexOf(ReadOnlySpan<RowEntry> rows, in RowClaim claim)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Dot == claim.Dot && rows[i].Path.Equals(claim.Path))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Spare(Stack<List<RowEntry>> spares, List<RowEntry> empty)
    {
        if (spares.Count < MostSpares && empty.Capacity <= MostSpares)
        {
            spares.Push(empty);
        }
    }

    /// <summary>Takes out a row; false if it is not there.</summary>
    public bool Remove(RowClaim claim)
    {
        var key = claim.Path.Key;
        if (!_keys.TryGetValue(key, out var rows)
            || IndexOf(CollectionsMarshal.AsSpan(rows), claim) is not (>= 0 and var index))
        {
            return false;
        }

        Forget(rows[index]);
        Sketch.Remove(rows[index].Symbol);
        Count--;
        rows.RemoveAt(index);
        if (rows.Count == 0)
        {
            _keys.Remove(key);
            Spare(_spareRows, rows);
        }

        return true;
    }

    /// <summary>All that follows from a row but the sketch: it is here.</summary>
    private void Note(in RowEntry entry)
    {
        ref var paths = ref CollectionsMarshal.GetValueRefOrAddDefault(_dots, entry.Dot, out _);
        paths = paths.With(entry.Path);
        Root = unchecked(Root + entry.Digest);
        _symbols[entry.Symbol] = entry.Claim;
        if (entry.Expiry != 0)
        {
            _expiring.Add((entry.Expiry, entry.Claim));
        }
    }

    /// <summary>The same: it is gone.</summary>
    private void Forget(in RowEntry entry)
    {
        Root = unchecked(Root - entry.Digest);
        _symbols.Remove(entry.Symbol);
        if (entry.Expiry != 0)
        {
            _expiring.Remove((entry.Expiry, entry.Claim));
        }

        ref var paths = ref CollectionsMarshal.GetValueRefOrNullRef(_dots, entry.Dot);
        paths = paths.Without(entry.Path);
        if (paths.IsEmpty)
        {
            _dots.Remove(entry.Dot);
        }
    }
}
