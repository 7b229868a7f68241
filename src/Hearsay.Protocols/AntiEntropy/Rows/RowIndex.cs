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

    /// <summary>After such a share of the rows that are to come, room is made for the others.</summary>
    private const int SampleShare = 16;

    /// <summary>Room for so many rows at most is made on the word of a store.</summary>
    private const int MostExpected = 1 << 23;

    private readonly Dictionary<RowPath, KeyRows> _keys = [];
    private readonly Dictionary<EpochId, Dictionary<ulong, DotPaths>> _dots = [];

    /// <summary>The epoch that was asked for last, which is asked for again as a rule.</summary>
    private (EpochId Epoch, Dictionary<ulong, DotPaths> Dots)? _last;

    /// <summary>At which path the row of a symbol is.</summary>
    private readonly Dictionary<ulong, RowPath> _symbols = [];

    /// <summary>The rows that expire, by when.</summary>
    private readonly SortedSet<(long Expiry, RowClaim Claim)> _expiring = [];

    /// <summary>Those of keys that are gone, for the next ones.</summary>
    private readonly Stack<KeyRows> _spares = new();

    private readonly SketchPrefix _sketch;

    /// <summary>When there are so many rows, room is made for those that are still to come.</summary>
    private int _sampleAt;

    /// <summary>A symbol that goes into the sketch with the next one: two together cost less.</summary>
    private ulong? _unsketched;

    /// <summary>An index without rows.</summary>
    public RowIndex(SketchPrefix sketch) => _sketch = sketch;

    /// <summary>The sketch of all rows.</summary>
    public SketchPrefix Sketch
    {
        get
        {
            if (_unsketched is { } symbol)
            {
                _sketch.Add(symbol);
                _unsketched = null;
            }

            return _sketch;
        }
    }

    /// <summary>The sum of the digests of all rows.</summary>
    public UInt128 Root { get; private set; }

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>All rows, in no particular order.</summary>
    public IEnumerable<RowEntry> All => _keys.Values.SelectMany(static rows => rows.Rows.ToArray());

    /// <summary>The rows that expire, with the moment, the earliest first.</summary>
    public IReadOnlyCollection<(long Expiry, RowClaim Claim)> Expiring => _expiring;

    /// <summary>The rows at a path and beneath it.</summary>
    public ReadOnlySpan<RowEntry> OfKey(RowPath path) =>
        _keys.TryGetValue(path.Key, out var rows) ? rows.Rows : default;

    /// <summary>The paths at which an event has rows.</summary>
    public IReadOnlyList<RowPath> PathsOf(Dot dot) =>
        _dots.TryGetValue(dot.Epoch, out var dots) && dots.TryGetValue(dot.Sequence, out var paths) ? paths.All : [];

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
        if (_symbols.TryGetValue(symbol, out var path))
        {
            foreach (ref readonly var row in OfKey(path))
            {
                if (row.Symbol == symbol)
                {
                    entry = row;
                    return true;
                }
            }
        }

        entry = default;
        return false;
    }

    /// <summary>Puts in a row that is not there.</summary>
    public void Add(in RowEntry entry)
    {
        var key = entry.Path.Key;
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
        rows ??= _spares.TryPop(out var spare) ? spare : new KeyRows();
        rows.Add(entry);
        if (++Count == _sampleAt)
        {
            MakeRoom();
        }

        Note(entry);
        if (_unsketched is { } other)
        {
            _sketch.AddTwo(other, entry.Symbol);
            _unsketched = null;
        }
        else
        {
            _unsketched = entry.Symbol;
        }
    }

    /// <summary>
    /// So many rows are to come: tables that grow step by step copy all that they have at each step.
    /// </summary>
    public void Expect(long rows) => _sampleAt = (int)(Math.Min(rows, MostExpected) / SampleShare);

    /// <summary>Of all rows to come as many are of one key as of those that came.</summary>
    private void MakeRoom()
    {
        _keys.EnsureCapacity(SampleShare * _keys.Count);
        _symbols.EnsureCapacity(SampleShare * Count);
    }

    /// <summary>Puts in a row in the place of one of the same path, which goes; false if that is not there.</summary>
    public bool TryReplace(in RowClaim before, in RowEntry entry)
    {
        if (!before.Path.Equals(entry.Path) || !_keys.TryGetValue(entry.Path.Key, out var rows)
            || IndexOf(rows.Rows, before) is not (>= 0 and var index))
        {
            return false;
        }

        var gone = rows.Rows[index].Symbol;
        Forget(rows.Rows[index]);
        rows.Replace(index, entry);
        Note(entry);
        _sketch.Replace(gone, entry.Symbol);
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

    /// <summary>Takes out a row; false if it is not there.</summary>
    public bool Remove(RowClaim claim)
    {
        var key = claim.Path.Key;
        if (!_keys.TryGetValue(key, out var rows)
            || IndexOf(rows.Rows, claim) is not (>= 0 and var index))
        {
            return false;
        }

        Forget(rows.Rows[index]);
        _sketch.Remove(rows.Rows[index].Symbol);
        Count--;
        if (rows.RemoveAt(index) == 0)
        {
            _keys.Remove(key);
            if (_spares.Count < MostSpares)
            {
                _spares.Push(rows);
            }
        }

        return true;
    }

    /// <summary>All that follows from a row but the sketch: it is here.</summary>
    private void Note(in RowEntry entry)
    {
        ref var paths = ref CollectionsMarshal.GetValueRefOrAddDefault(
            DotsOf(entry.Dot.Epoch), entry.Dot.Sequence, out _);
        paths = paths.With(entry.Path);
        Root = unchecked(Root + entry.Digest);
        _symbols[entry.Symbol] = entry.Path;
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

        var dots = DotsOf(entry.Dot.Epoch);
        ref var paths = ref CollectionsMarshal.GetValueRefOrNullRef(dots, entry.Dot.Sequence);
        paths = paths.Without(entry.Path);
        if (paths.IsEmpty && dots.Remove(entry.Dot.Sequence) && dots.Count == 0)
        {
            _dots.Remove(entry.Dot.Epoch);
            _last = null;
        }
    }

    private Dictionary<ulong, DotPaths> DotsOf(EpochId epoch)
    {
        if (_last is { } last && last.Epoch == epoch)
        {
            return last.Dots;
        }

        if (!_dots.TryGetValue(epoch, out var dots))
        {
            _dots[epoch] = dots = [];
        }

        _last = (epoch, dots);
        return dots;
    }
}
