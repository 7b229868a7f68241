using Hearsay.Simulation;

namespace Hearsay.Lab;

/// <summary>Makes the engine that experiments run on; the one place to change when a faster one takes over.</summary>
internal static class EngineFactory
{
    /// <summary>A run before its first cycle.</summary>
    public static IOverlayEngine Create(CycleOptions options, int nodes, OverlayStart start = OverlayStart.Random) =>
        new CycleEngine(options, nodes, start);

    /// <summary>The plain choice of the literature: partners among the living, one exchange a cycle.</summary>
    public static IOverlayEngine Create(
        PeerSamplingOptions sampling,
        int nodes,
        ulong seed,
        OverlayStart start = OverlayStart.Random,
        int joinsPerCycle = 500) =>
        Create(
            new CycleOptions { Rules = sampling.ToRules(), Seed = seed, JoinsPerCycle = joinsPerCycle }, nodes, start);
}
