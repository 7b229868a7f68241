namespace Hearsay.Simulation.Tests;

/// <summary>
/// Runs of N = 10,000 nodes for the figures of peer-sampling.md, section 10, and how they are compared.
/// </summary>
internal static class Oracle
{
    public const int Nodes = 10_000;

    public static PeerSamplingOptions Preset(string name) => PeerSamplingOptions.TryGetPreset(name, out var options)
        ? options
        : throw new ArgumentException($"There is no preset {name}.", nameof(name));

    public static CycleRunner Start(
        PeerSamplingOptions options, OverlayStart start = OverlayStart.Random, int joins = 500, int? tries = null) =>
        new(new CycleOptions { Rules = options.ToRules(), Seed = 2007, JoinsPerCycle = joins, Tries = tries }, Nodes,
            start);

    public static OverlayMetrics After(
        int cycles, PeerSamplingOptions options, OverlayStart start = OverlayStart.Random, int joins = 500)
    {
        var run = Start(options, start, joins);
        run.Run(cycles);
        run.AssertInvariants();
        return OverlayMetrics.Measure(run.Snapshot());
    }

    /// <summary>A converged overlay, half of whose nodes die at once.</summary>
    public static CycleRunner AfterCrashOfHalf(PeerSamplingOptions options, int? tries = null, int cycles = 60)
    {
        var run = Start(options, tries: tries);
        run.Run(cycles);
        Assert.Equal(Nodes / 2, run.Kill(0.5));
        return run;
    }

    public static bool IsNear(double measured, double expected, double tolerance = 0.05) =>
        Math.Abs(measured - expected) <= tolerance * expected;

    public static void Near(double measured, double expected, double tolerance = 0.05) => Assert.True(
        IsNear(measured, expected, tolerance), $"{measured:g5} is not within {tolerance:p0} of {expected:g5}.");
}
