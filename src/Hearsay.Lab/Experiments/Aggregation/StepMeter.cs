using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>
/// How fast cycles are computed: turns of nodes per second of processor time in the fastest cycle, once all is
/// compiled. Several threads may use it.
/// </summary>
internal sealed class StepMeter
{
    private const double ShortestSeconds = 1e-6;

    private readonly Lock _lock = new();

    /// <summary>Turns per second; 0 before the first cycle.</summary>
    public double PerSecond { get; private set; }

    /// <summary>Runs a cycle and notes how long it took.</summary>
    /// <param name="turns">How many turns of nodes there are in it.</param>
    /// <param name="cycle">The cycle.</param>
    public void Time(long turns, Action cycle)
    {
        var start = ThreadCpu.Seconds;
        cycle();
        Note(turns, ThreadCpu.Seconds - start);
    }

    /// <summary>Notes a cycle.</summary>
    public void Note(long turns, double seconds)
    {
        lock (_lock)
        {
            PerSecond = Math.Max(PerSecond, turns / Math.Max(ShortestSeconds, seconds));
        }
    }
}
