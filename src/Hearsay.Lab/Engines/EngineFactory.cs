namespace Hearsay.Lab.Engines;

/// <summary>Makes the engines that experiments run on.</summary>
internal static class EngineFactory
{
    /// <summary>A run before its first cycle, cycle by cycle on flat rows.</summary>
    /// <param name="options">What it does.</param>
    /// <param name="nodes">How many nodes there are in the end.</param>
    /// <param name="start">The overlay it starts from.</param>
    /// <param name="threads">
    /// Threads to use; the results do not depend on it. One where an experiment runs its parts side by side.
    /// </param>
    /// <exception cref="LabUsageException">The memory of this machine cannot hold them.</exception>
    public static ICycleEngine Create(
        CycleOptions options, int nodes, OverlayStart start = OverlayStart.Random, int threads = 1)
    {
        EngineMemory.Require(nodes, options.Rules.ViewSize);
        return new BulkEngine(options, nodes, start, threads);
    }

    /// <summary>The plain choice of the literature: partners among the living, one exchange a cycle.</summary>
    public static ICycleEngine Create(
        PeerSamplingOptions sampling,
        int nodes,
        ulong seed,
        OverlayStart start = OverlayStart.Random,
        int joinsPerCycle = 500,
        int threads = 1) =>
        Create(
            new CycleOptions { Rules = sampling.ToRules(), Seed = seed, JoinsPerCycle = joinsPerCycle }, nodes, start,
            threads);
}
