namespace Hearsay.Simulation;

/// <summary>Metrics of in-degrees: their distribution, and how long a node keeps an unusual in-degree.</summary>
public static class InDegreeMetric
{
    /// <summary>
    /// The in-degree of every node, read off the views of the live nodes without building the overlay; 0 for dead ones.
    /// </summary>
    public static int[] Of(ICycleEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var degrees = new int[engine.NodeCount];
        for (var node = 0; node < degrees.Length; node++)
        {
            if (engine.IsAlive(node))
            {
                foreach (var handle in engine.ViewOf(node))
                {
                    degrees[handle] += engine.IsAlive((int)handle) ? 1 : 0;
                }
            }
        }

        return degrees;
    }

    /// <summary>Returns the number of live nodes with each in-degree, from 0 to the greatest one.</summary>
    public static int[] Distribution(OverlayGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var greatest = 0;
        foreach (var degree in graph.InDegrees)
        {
            greatest = Math.Max(greatest, degree);
        }

        var counts = new int[greatest + 1];
        for (var node = 0; node < graph.NodeCount; node++)
        {
            counts[graph.InDegrees[node]] += graph.IsAlive(node) ? 1 : 0;
        }

        return counts;
    }

    /// <summary>
    /// The autocorrelation of a node's in-degree over the cycles (TOCS 2007, section 5): how much of a deviation from
    /// its mean remains some cycles later. The products of deviations that far apart, summed, as a share of the summed
    /// squares of all deviations; 0 for a series that never changes.
    /// </summary>
    /// <param name="series">The in-degree of one node, one number a cycle.</param>
    /// <param name="lag">How many cycles later, from 0 (which gives 1) to below the length of the series.</param>
    public static double Autocorrelation(ReadOnlySpan<int> series, int lag)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lag);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lag, series.Length);
        var mean = 0.0;
        foreach (var degree in series)
        {
            mean += (double)degree / series.Length;
        }

        var (products, squares) = (0.0, 0.0);
        for (var i = 0; i < series.Length; i++)
        {
            squares += (series[i] - mean) * (series[i] - mean);
            products += i + lag < series.Length ? (series[i] - mean) * (series[i + lag] - mean) : 0;
        }

        return squares == 0 ? 0 : products / squares;
    }
}
