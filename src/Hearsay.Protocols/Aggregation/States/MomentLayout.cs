using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// How averages, sums, counts and variances are means: a vector of cells of which the first is the share of nodes that
/// gave a value. A node without one holds zeros and is a relay; the ratio to the first cell is the mean over those that
/// gave. All methods of averaging share it.
/// </summary>
internal sealed class MomentLayout
{
    /// <summary>The most cells.</summary>
    public const int MaximumCells = 3;

    /// <summary>
    /// By how many units in the last place of the mean of squares rounding shifts a variance, typically: each of some
    /// thirty exchanges rounds twice, up and down.
    /// </summary>
    private const double RoundingUnits = 4;

    private const double UnitInTheLastPlace = 1.0 / (1L << 52);

    /// <summary>
    /// Less is not the share of anybody but what rounding left when everybody had taken their values back.
    /// </summary>
    private const double LeastShare = 1e-13;

    /// <summary>Squares of the largest value, with room for a sum of a few.</summary>
    public const double LargestCell = 1e210;

    private readonly AggregateKind _kind;

    /// <summary>
    /// Variances are taken around the middle of the bounds, all nodes alike: squares of large values with small
    /// differences would lose the digits that matter.
    /// </summary>
    private readonly double _origin;

    /// <summary>Around the origin.</summary>
    private readonly (double Low, double High)? _bounds;

    /// <summary>The layout of a definition of such a kind.</summary>
    public MomentLayout(AggregateDefinition definition)
    {
        _kind = definition.Kind;
        if (definition.Minimum is { } low)
        {
            var high = definition.Maximum!.Value;
            _origin = _kind == AggregateKind.Variance ? low + ((high - low) / 2) : 0;
            _bounds = (low - _origin, high - _origin);
        }

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

        value -= _origin;
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
        if (!(cells[0] > LeastShare) && _kind != AggregateKind.Count)
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

    /// <summary>
    /// By how much rounding may have shifted what the means say: a variance that is small beside the square of the mean
    /// has lost its digits. The other kinds keep theirs.
    /// </summary>
    public double RoundingErrorOf(ReadOnlySpan<double> cells) =>
        _kind == AggregateKind.Variance && cells[0] > LeastShare
            ? RoundingUnits * UnitInTheLastPlace * Math.Abs(cells[2] / cells[0]) : 0;
}
