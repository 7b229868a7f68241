namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>
/// The first M cells of the sketch of a set, kept up to date with every change. What a reconciliation costs is then the
/// cells that it sends and never the size of the set, and the same cells serve every peer.
/// </summary>
/// <remarks>
/// An update touches about 2 ln(M/2) cells and allocates nothing. 24 bytes a cell. Not thread safe.
/// </remarks>
internal sealed class SketchPrefix
{
    /// <summary>M unless a caller says otherwise: enough for differences of about 11,000.</summary>
    public const int DefaultCells = 16_384;

    /// <summary>The greatest M: 1.6 MB.</summary>
    public const int MostCells = 65_536;

    private readonly SketchCell[] _cells;
    private readonly SketchKey _key;

    /// <summary>The sketch of the empty set.</summary>
    /// <param name="key">The secret of the cluster.</param>
    /// <param name="cells">M, from 1 to <see cref="MostCells"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">M is outside its range.</exception>
    public SketchPrefix(SketchKey key, int cells = DefaultCells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cells, MostCells);
        (_key, _cells) = (key, new SketchCell[cells]);
    }

    /// <summary>How many symbols are in the set.</summary>
    public long Items { get; private set; }

    /// <summary>The cells.</summary>
    public ReadOnlySpan<SketchCell> Cells => _cells;

    /// <summary>A symbol that was not in the set is in it now.</summary>
    public void Add(ulong symbol) => Change(symbol, +1);

    /// <summary>A symbol that was in the set is no longer.</summary>
    public void Remove(ulong symbol) => Change(symbol, -1);

    /// <summary>One symbol goes and another one comes. It costs less than one after the other.</summary>
    /// <param name="before">A symbol that was in the set.</param>
    /// <param name="after">One that was not.</param>
    public void Replace(ulong before, ulong after) => ChangeTwo(before, -1, after, +1);

    /// <summary>Two symbols that were not in the set are in it now. It costs less than one after the other.</summary>
    public void AddTwo(ulong one, ulong other) => ChangeTwo(one, +1, other, +1);

    /// <summary>The set is empty again.</summary>
    public void Clear()
    {
        Array.Clear(_cells);
        Items = 0;
    }

    /// <summary>A copy for one reconciliation: the set may change while that goes on.</summary>
    public SketchSnapshot Snapshot() => new([.. _cells], Items);

    private void Change(ulong symbol, int sign)
    {
        Items += sign;
        var hash = _key.HashOf(symbol);
        var mapping = new SketchMapping(hash);
        Change(ref mapping, symbol, hash, sign);
    }

    private void ChangeTwo(ulong one, int oneSign, ulong other, int otherSign)
    {
        Items += oneSign + otherSign;
        var (oneHash, otherHash) = (_key.HashOf(one), _key.HashOf(other));
        var (first, second) = (new SketchMapping(oneHash), new SketchMapping(otherHash));
        var cells = _cells;
        while (first.Index < cells.Length && second.Index < cells.Length)
        {
            // The two sequences do not wait for each other.
            Change(ref cells[first.Index], one, oneHash, oneSign);
            Change(ref cells[second.Index], other, otherHash, otherSign);
            first.MoveNext();
            second.MoveNext();
        }

        Change(ref first, one, oneHash, oneSign);
        Change(ref second, other, otherHash, otherSign);
    }

    /// <summary>Changes the cells from where the sequence stands.</summary>
    private void Change(ref SketchMapping mapping, ulong symbol, ulong hash, int sign)
    {
        for (var cells = _cells; mapping.Index < cells.Length; mapping.MoveNext())
        {
            Change(ref cells[mapping.Index], symbol, hash, sign);
        }
    }

    private static void Change(ref SketchCell cell, ulong symbol, ulong hash, int sign) =>
        cell = cell.With(symbol, hash, sign);
}
