namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>
/// Finds what differs between this side's set and a peer's from the peer's cells, which come one after the other from
/// cell 0 on. A cell that holds one symbol only gives it away; that symbol is taken out of all its other cells, which
/// may leave one symbol in those, and so on ("peeling").
/// </summary>
/// <remarks>
/// A cell is peeled once at most, so a peer that sends arbitrary cells cannot keep it busy: no more symbols are
/// recovered than cells have come, and no more cells are taken than <see cref="MostCells"/>. It holds the snapshot's
/// cells and changes them. Not thread safe.
/// </remarks>
internal sealed class SketchDecoder
{
    private readonly SketchCell[] _cells;
    private readonly SketchKey _key;
    private readonly ulong _checkMask;
    private readonly bool[] _peeled;
    private readonly Stack<int> _suspects = new();
    private readonly PriorityQueue<RecoveredSymbol, long> _later = new();
    private readonly List<ulong> _onlyTheirs = [];
    private readonly List<ulong> _onlyMine = [];

    /// <summary>A decoder that has seen no cell.</summary>
    /// <param name="mine">The cells of this side; the decoder uses up its array.</param>
    /// <param name="key">The secret of the cluster.</param>
    /// <param name="checkBytes">How much of a check is sent: 4 or 8 bytes.</param>
    /// <param name="mostCells">How many cells are taken at most; see <see cref="SketchLimits.CellsFor"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The check has another length.</exception>
    public SketchDecoder(SketchSnapshot mine, SketchKey key, int checkBytes, int mostCells)
    {
        if (checkBytes is not (sizeof(uint) or sizeof(ulong)))
        {
            throw new ArgumentOutOfRangeException(nameof(checkBytes), checkBytes, "A check has 4 or 8 bytes.");
        }

        (_cells, _key) = (mine.Cells, key);
        _checkMask = checkBytes == sizeof(ulong) ? ulong.MaxValue : uint.MaxValue;
        MostCells = Math.Clamp(mostCells, 1, _cells.Length);
        _peeled = new bool[MostCells];
    }

    /// <summary>How many cells are taken at most.</summary>
    public int MostCells { get; }

    /// <summary>How many cells have come.</summary>
    public int Taken { get; private set; }

    /// <summary>Symbols of the peer that this side lacks, as far as they are known.</summary>
    public IReadOnlyList<ulong> OnlyTheirs => _onlyTheirs;

    /// <summary>Symbols of this side that the peer lacks, as far as they are known.</summary>
    public IReadOnlyList<ulong> OnlyMine => _onlyMine;

    /// <summary>How far it is.</summary>
    public SketchProgress Progress { get; private set; }

    /// <summary>Takes the peer's next cell. What comes after the end is ignored.</summary>
    public SketchProgress Take(in SketchCell theirs)
    {
        if (Progress != SketchProgress.NeedsCells)
        {
            return Progress;
        }

        var index = Taken++;
        _cells[index] = theirs.Minus(_cells[index]);
        while (_later.TryPeek(out var symbol, out var next) && next == index)
        {
            _later.Dequeue();
            TakeOut(symbol);
        }

        _suspects.Push(index);
        Peel();
        return Progress = IsEmpty(_cells[0]) ? SketchProgress.Done
            : Taken == MostCells ? SketchProgress.GaveUp : SketchProgress.NeedsCells;
    }

    private void Peel()
    {
        while (_suspects.TryPop(out var index))
        {
            var cell = _cells[index];
            if (_peeled[index] || cell.Count is not (1 or -1))
            {
                continue;
            }

            // The hash decides: a count of one may as well be two of the one side and one of the other.
            var hash = _key.HashOf(cell.Sum);
            if (((hash ^ cell.Check) & _checkMask) == 0)
            {
                _peeled[index] = true;
                (cell.Count > 0 ? _onlyTheirs : _onlyMine).Add(cell.Sum);
                TakeOut(new RecoveredSymbol(cell.Sum, hash, (int)cell.Count, new SketchMapping(hash)));
            }
        }
    }

    /// <summary>Removes a symbol from the cells that have come, and keeps it for those that will.</summary>
    private void TakeOut(RecoveredSymbol symbol)
    {
        var mapping = symbol.Mapping;
        for (; mapping.Index < Taken; mapping.MoveNext())
        {
            var index = (int)mapping.Index;
            _cells[index] = _cells[index].With(symbol.Symbol, symbol.Hash, -symbol.Sign);
            _suspects.Push(index);
        }

        if (mapping.Index < MostCells)
        {
            _later.Enqueue(symbol with { Mapping = mapping }, mapping.Index);
        }
    }

    private bool IsEmpty(in SketchCell cell) =>
        cell.Count == 0 && cell.Sum == 0 && (cell.Check & _checkMask) == 0;
}
