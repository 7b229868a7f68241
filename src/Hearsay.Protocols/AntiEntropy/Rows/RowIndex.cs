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
    private readonly Dictionary<Dot, List<RowPath>> _dots = [];
    private readonly Dictionary<ulong, RowClaim> _symbols = [];

    /// <summary>The rows that expire, by when.</summary>
    private readonly SortedSet<(long Expiry, RowClaim Claim)> _expiring = [];

    /// <summary>Lists of rows that are gone, for the next ones: an overwrite needs one each.</summary>
    private readonly Stack<List<RowEntry>> _spareRows = new();
    private readonly Stack<List<RowPath>> _sparePaths = new();

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
    public IReadOnlyList<RowPath> PathsOf(Dot dot) => _dots.TryGetValue(dot, out var paths) ? paths : [];

    /// <summary>The row of an event at a path; false if there is none.</summary>
    public bool TryFind(RowClaim claim, out RowEntry entry)
    {
        foreach (var candidate in OfKey(claim.Path))
        {
            if (candidate.Claim == claim)
            {
                entry = candidate;
                return true;
            }
        }

        entry = default;
        return false;
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
        if (!_dots.TryGetValue(entry.Dot, out var paths))
        {
            _dots[entry.Dot] = paths = _sparePaths.TryPop(out var spare) ? spare : new(1);
        }

        paths.Add(entry.Path);
        Root = unchecked(Root + entry.Digest);
        Count++;
        _symbols[entry.Symbol] = entry.Claim;
        if (entry.Expiry != 0)
        {
            _expiring.Add((entry.Expiry, entry.Claim));
        }

        Sketch.Add(entry.Symbol);
    }

    private static void Spare<T>(Stack<List<T>> spares, List<T> empty)
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
            || rows.FindIndex(entry => entry.Claim == claim) is not (>= 0 and var index))
        {
            return false;
        }

        Root = unchecked(Root - rows[index].Digest);
        Sketch.Remove(rows[index].Symbol);
        _symbols.Remove(rows[index].Symbol);
        if (rows[index].Expiry != 0)
        {
            _expiring.Remove((rows[index].Expiry, claim));
        }

        Count--;
        rows.RemoveAt(index);
        if (rows.Count == 0)
        {
            _keys.Remove(key);
            Spare(_spareRows, rows);
        }

        var paths = _dots[claim.Dot];
        paths.Remove(claim.Path);
        if (paths.Count == 0)
        {
            _dots.Remove(claim.Dot);
            Spare(_sparePaths, paths);
        }

        return true;
    }
}
