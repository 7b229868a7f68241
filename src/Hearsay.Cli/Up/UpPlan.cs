using Hearsay.Cli.Up.Network;

namespace Hearsay.Cli.Up;

/// <summary>When the phases of a run end that has converged, in cycles since the last node started.</summary>
/// <param name="SteadyUntil">The end of the steady state; nodes crash then, if any do.</param>
/// <param name="HealingCycles">For how many cycles healing is watched after a crash; 0 if nobody crashes.</param>
/// <param name="End">The end of the run.</param>
internal readonly record struct UpPlan(double SteadyUntil, int HealingCycles, double End)
{
    private const int SteadyCycles = 10;
    private const int DefaultHealingCycles = 30;

    /// <summary>The plan of a run.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="convergedAt">When the network had converged.</param>
    public static UpPlan Of(UpSettings settings, double convergedAt)
    {
        var steadyUntil = convergedAt + SteadyCycles;
        if (settings.Cycles is not { } cycles)
        {
            var healing = settings.Kill is null ? 0 : DefaultHealingCycles;
            return new UpPlan(steadyUntil, healing, steadyUntil + healing);
        }

        if (settings.Kill is null)
        {
            return new UpPlan(Math.Min(steadyUntil, cycles), 0, cycles);
        }

        // A run that is told to be short still shows both: the network before the crash, and how it heals.
        steadyUntil = Math.Min(steadyUntil, (convergedAt + cycles) / 2);
        return new UpPlan(steadyUntil, (int)Math.Ceiling(cycles - steadyUntil), cycles);
    }
}
