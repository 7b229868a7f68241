namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>The row of an overlay at a cycle, with the same names in every experiment.</summary>
internal static class OverlayRow
{
    /// <summary>The row.</summary>
    /// <param name="cycle">When.</param>
    /// <param name="metrics">What was measured.</param>
    /// <param name="hasPaths">Whether path lengths were; else the row says that there is none.</param>
    public static Row Of(int cycle, OverlayMetrics metrics, bool hasPaths = true) => new()
    {
        { "cycle", cycle },
        { "nodes", metrics.Nodes },
        { "inDegreeStdDev", metrics.InDegreeDeviation },
        { "inDegreeMax", metrics.InDegreeMaximum },
        { "clustering", metrics.Clustering },
        { "averagePathLength", hasPaths ? metrics.PathLength : null },
        { "components", metrics.Components },
        { "largestComponent", metrics.LargestComponent },
        { "deadLinks", metrics.DeadLinks },
        { "meanViewSize", metrics.MeanViewSize },
    };

    /// <summary>Measures an engine and makes the row.</summary>
    public static Row Of(ICycleEngine engine, ulong seed = 0) =>
        Of(engine.Cycle, OverlayMetrics.Measure(engine.Snapshot(), seed: seed));
}
