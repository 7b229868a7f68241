namespace Hearsay.Protocols;

/// <summary>
/// Averages, sums, counts and variances: a vector of means over all nodes, of which the first is the share of nodes
/// that gave a value. A node without one holds zeros and is a relay; the ratio to the first cell is the mean over those
/// that gave. On the wire: the cells, 8 bytes each; in an answer the differences.
/// </summary>
internal sealed class MomentState : IAggregateState
{
    private const int MaximumCells = 3;

    /// <summary>Squares of the largest value, with room for a sum of a few.</summary>
    private const double LargestCell = 1e210;

    private readonly AggregateKind _kind;
    private readonly (double Low, double High)? _bounds;
    private readonly double[] _cells;
#if HEARSAY_DEFECTS
    private double[] _sent = [];
#endif

    public MomentState(AggregateDefinition definition)
    {
        _kind = definition.Kind;
        _bounds = definition.Minimum is { } low ? (low, definition.Maximum!.Value) : null;
        _cells = new double[_kind switch
        {
            AggregateKind.Count => 1,
            AggregateKind.Average or AggregateKind.Sum => 2,
            _ => MaximumCells,
        }];
    }

    /// <inheritdoc/>
    public int MaximumBytes => sizeof(double) * _cells.Length;

    /// <inheritdoc/>
    public double Value => ValueOf(_cells);

    /// <inheritdoc/>
    public double Contributors => _cells[0];

    /// <inheritdoc/>
    public double StepLimit { get; set; } = double.PositiveInfinity;

    /// <summary>The means as they stand: for tests of conservation.</summary>
    public ReadOnlySpan<double> Cells => _cells;

    /// <inheritdoc/>
    public void Clear() => _cells.AsSpan().Clear();

    /// <inheritdoc/>
    public bool TryContribute(in AggregateInput input)
    {
        var (value, weight) = (input.Value, _kind == AggregateKind.WeightedAverage ? input.Weight : 1);
        if (!(Math.Abs(value) <= AggregateDefinition.MaximumMagnitude)
            || !(weight is >= 0 and <= AggregateDefinition.MaximumMagnitude))
        {
            return false;
        }

        value = _bounds is { } bounds ? Math.Clamp(value, bounds.Low, bounds.High) : value;
        _cells[0] += 1;
        if (_kind == AggregateKind.WeightedAverage)
        {
            _cells[1] += weight;
            _cells[2] += weight * value;
        }
        else if (_cells.Length > 1)
        {
            _cells[1] += value;
            _cells[^1] += _kind == AggregateKind.Variance ? value * value : 0;
        }

        return true;
    }

    /// <inheritdoc/>
    public void WriteRequest(ref WireWriter writer)
    {
#if HEARSAY_DEFECTS
        _sent = [.. _cells];
#endif
        foreach (var cell in _cells)
        {
            writer.WriteDouble(cell);
        }
    }

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlySpan<byte> request, ref WireWriter answer)
    {
        Span<double> theirs = stackalloc double[_cells.Length];
        Span<double> next = stackalloc double[_cells.Length];
        Span<double> difference = stackalloc double[_cells.Length];
        _cells.CopyTo(next);
        if (answer.Room < MaximumBytes || !TryRead(request, theirs) || !IsPlausible(theirs))
        {
            return false;
        }

        AveragingKernel.Answer(next, theirs, difference);
        if (!TryTake(next))
        {
            return false;
        }

        foreach (var cell in difference)
        {
            answer.WriteDouble(cell);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryApply(ReadOnlySpan<byte> answer)
    {
        Span<double> difference = stackalloc double[_cells.Length];
        Span<double> next = stackalloc double[_cells.Length];
        _cells.CopyTo(next);
        if (!TryRead(answer, difference))
        {
            return false;
        }

#if HEARSAY_DEFECTS
        if (AggregationDefects.Has(AggregationDefect.BothSidesAverageOldValues))
        {
            _sent.CopyTo(next);
        }

#endif
        AveragingKernel.Apply(next, difference);
        return IsPlausible(next) && TryTake(next);
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, Span<double> cells)
    {
        var reader = new WireReader(bytes);
        foreach (ref var cell in cells)
        {
            cell = reader.ReadDouble();
        }

        return bytes.Length == sizeof(double) * cells.Length && AveragingKernel.AreSound(cells, LargestCell);
    }

    /// <summary>
    /// Means over all nodes lie between the extremes of what nodes may give. Where exchanges overlap a cell can leave
    /// that range for a moment, by a fraction of its width; what lies further outside was not made by honest nodes.
    /// </summary>
    private bool IsPlausible(ReadOnlySpan<double> cells)
    {
        if (cells[0] is < -1 or > 2)
        {
            return false;
        }

        if (_bounds is not { } bounds || _kind is AggregateKind.Count or AggregateKind.WeightedAverage)
        {
            return true;
        }

        // A relay's zero belongs to the range too.
        var (low, high) = (Math.Min(0, bounds.Low), Math.Max(0, bounds.High));
        var width = high - low;
        return cells[1] >= low - width && cells[1] <= high + width;
    }

    private bool TryTake(ReadOnlySpan<double> next)
    {
        if (Math.Abs(ValueOf(next) - Value) > StepLimit)
        {
            return false;
        }

        next.CopyTo(_cells);
        return true;
    }

    private double ValueOf(ReadOnlySpan<double> cells)
    {
        if (!(cells[0] > 0) && _kind != AggregateKind.Count)
        {
            return double.NaN;
        }

        return _kind switch
        {
            // Nobody is a number, too; where answers are under way a share can be below zero for a moment.
            AggregateKind.Count => Math.Max(0, cells[0]),
            AggregateKind.Sum => cells[1],
            AggregateKind.Average => cells[1] / cells[0],
            AggregateKind.Variance =>
                Math.Max(0, (cells[2] / cells[0]) - (cells[1] / cells[0] * (cells[1] / cells[0]))),
            _ => cells[1] > 0 ? cells[2] / cells[1] : double.NaN,
        };
    }
}
