namespace Hearsay.Protocols;

/// <summary>
/// How averages, sums, counts and variances are means: a vector of cells of which the first is the share of nodes that
/// gave a value. A node without one holds zeros and is a relay; the ratio to the first cell is the mean over those that
/// gave. All methods of averaging share it.
/// </summary>
internal sealed class MomentLayout
{
    /// <summary>The most cells.</summary>
    public const int MaximumCells = 3;

    /// <summary>Squares of the largest value, with room for a sum of a few.</summary>
    public const double LargestCell = 1e210;

    private readonly AggregateKind _kind;
    private readonly (double Low, double High)? _bounds;

    /// <summary>The layout of a definition of such a kind.</summary>
    public MomentLayout(AggregateDefinition definition)
    {
        _kind = definition.Kind;
        _bounds = definition.Minimum is { } low ? (low, definition.Maximum!.Value) : null;
        CellCount = _kind switch
        {
            AggregateKind.Count => 1,
            AggregateKind.Average or AggregateKind.Sum => 2,
            _ => MaximumCells,
        };
    }

    /// <summary>How many cells it has.</summary>
    public int CellCount { get; }

    /// <summary>
    /// The largest magnitude that one node can give to a cell: what others claim is measured by it. Without bounds
    /// hardly a limit at all.
    /// </summary>
    public double LargestGiven
    {
        get
        {
            if (_bounds is not { } bounds || _kind is AggregateKind.WeightedAverage)
            {
                return LargestCell;
            }

            var value = Math.Max(Math.Abs(bounds.Low), Math.Abs(bounds.High));
            return Math.Max(1, _kind == AggregateKind.Variance ? Math.Max(value, value * value) : value);
        }
    }

    /// <summary>What one node's value is in cells.</summary>
    /// <returns>False if it is no number or absurd; then nothing was written.</returns>
    public bool TryFill(in AggregateInput input, Span<double> cells)
    {
        var (value, weight) = (input.Value, _kind == AggregateKind.WeightedAverage ? input.Weight : 1);
        if (!(Math.Abs(value) <= AggregateDefinition.MaximumMagnitude)
            || !(weight is >= 0 and <= AggregateDefinition.MaximumMagnitude))
        {
            return false;
        }

        value = _bounds is { } bounds ? Math.Clamp(value, bounds.Low, bounds.High) : value;
        cells[0] = 1;
        if (_kind == AggregateKind.WeightedAverage)
        {
            (cells[1], cells[2]) = (weight, weight * value);
        }
        else if (CellCount > 1)
        {
            cells[1] = value;
            cells[CellCount - 1] = _kind == AggregateKind.Variance ? value * value : value;
        }

        return true;
    }

    /// <summary>
    /// Means over all nodes lie between the extremes of what nodes may give. Where exchanges overlap a cell can leave
    /// that range for a moment, by a fraction of its width; what lies further outside was not made by honest nodes.
    /// </summary>
    public bool IsPlausible(ReadOnlySpan<double> cells)
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

    /// <summary>What the means say; not a number while nobody gave a value. Of a sum it is the mean.</summary>
    public double ValueOf(ReadOnlySpan<double> cells)
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
