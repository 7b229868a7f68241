namespace Hearsay.Protocols.Aggregation.Definitions;

/// <summary>
/// How far apart two nodes were in the last exchanges. Two random nodes differ by √2 times the standard deviation of
/// all nodes, and each exchange narrows it, so the root mean square over the last few is a cautious measure of how far
/// this node may be from what all will agree on.
/// </summary>
internal sealed class Disagreement
{
    private const int Remembered = 8;

    /// <summary>About two cycles: one exchange begun and one answered in each.</summary>
    private const int Recent = 4;

    /// <summary>How many times the usual disagreement an exchange may move the value.</summary>
    private const double LimitFactor = 8;

    private readonly double[] _last = new double[Remembered];
    private int _count;

    /// <summary>Exchanges seen in this epoch.</summary>
    public int Count => _count;

    /// <summary>The root mean square of the last few; infinite while there are too few.</summary>
    public double Error => RootMeanSquare(Recent);

    /// <summary>
    /// Of all that are remembered. Among many nodes that do not agree some are moved little a few times by chance, and
    /// hardly any eight times.
    /// </summary>
    public double CautiousError => RootMeanSquare(Remembered);

    /// <summary>
    /// How far an exchange may move the value: a multiple of the median; no limit before there is one.
    /// </summary>
    public double Limit
    {
        get
        {
            if (_count < Remembered)
            {
                return double.PositiveInfinity;
            }

            Span<double> sorted = stackalloc double[Remembered];
            _last.CopyTo(sorted);
            sorted.Sort();
            var median = (sorted[(Remembered / 2) - 1] + sorted[Remembered / 2]) / 2;
            return double.IsNaN(median) ? double.PositiveInfinity : LimitFactor * median;
        }
    }

    /// <summary>A new epoch.</summary>
    public void Clear() => _count = 0;

    /// <summary>An exchange moved the value from one to another: by half of what the two nodes differed.</summary>
    public void Add(double before, double after)
    {
        var apart = 2 * Math.Abs(after - before);
        _last[_count % Remembered] = double.IsNaN(apart) ? double.PositiveInfinity : apart;
        _count = _count == int.MaxValue ? Remembered : _count + 1;
    }

    /// <summary>An exchange told nothing of how far apart nodes are.</summary>
    public void AddUnknown() => Add(double.NaN, double.NaN);

    private double RootMeanSquare(int exchanges)
    {
        if (_count < exchanges)
        {
            return double.PositiveInfinity;
        }

        var sum = 0.0;
        for (var i = 1; i <= exchanges; i++)
        {
            var value = _last[(_count - i) % Remembered];
            sum += value * value;
        }

        return Math.Sqrt(sum / exchanges);
    }
}
