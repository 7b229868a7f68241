namespace Hearsay.Simulation.Aggregation;

/// <summary>The estimates of all nodes that take part, against the truth.</summary>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Mean">The mean estimate; not a number if there are none.</param>
/// <param name="Variance">The variance of the estimates around their mean.</param>
/// <param name="Least">The smallest estimate.</param>
/// <param name="Greatest">The greatest estimate.</param>
/// <param name="Truth">What is estimated.</param>
internal sealed record EstimateSpread(
    int Nodes, double Mean, double Variance, double Least, double Greatest, double Truth)
{
    /// <summary>How far the mean is off, relative to the truth.</summary>
    public double Bias => (Mean - Truth) / Truth;

    /// <summary>The largest distance of any node's estimate from the truth, relative to that.</summary>
    public double MaximumRelativeError =>
        Math.Max(Math.Abs(Greatest - Truth), Math.Abs(Least - Truth)) / Math.Abs(Truth);

    /// <summary>The root of the mean square distance from the truth, relative to that.</summary>
    public double RelativeError => Math.Sqrt(Variance + ((Mean - Truth) * (Mean - Truth))) / Math.Abs(Truth);

    /// <summary>Measures; an estimate that is not finite is none.</summary>
    public static EstimateSpread Of(Population population, double truth, Func<int, double> estimateOf)
    {
        var (nodes, sum, least, greatest) = (0, 0.0, double.PositiveInfinity, double.NegativeInfinity);
        for (var position = 0; position < population.Count; position++)
        {
            var node = population.At(position);
            var estimate = population.Waits(node) ? double.NaN : estimateOf(node);
            if (double.IsFinite(estimate))
            {
                nodes++;
                sum += estimate;
                least = Math.Min(least, estimate);
                greatest = Math.Max(greatest, estimate);
            }
        }

        var (mean, squares) = (sum / nodes, 0.0);
        for (var position = 0; position < population.Count; position++)
        {
            var node = population.At(position);
            var estimate = population.Waits(node) ? double.NaN : estimateOf(node);
            squares += double.IsFinite(estimate) ? (estimate - mean) * (estimate - mean) : 0;
        }

        return new EstimateSpread(nodes, mean, squares / nodes, least, greatest, truth);
    }
}
