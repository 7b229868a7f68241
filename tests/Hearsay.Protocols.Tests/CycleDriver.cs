namespace Hearsay.Protocols.Tests;

/// <summary>Drives a node without waiting for its clock: a test says when a cycle begins.</summary>
internal static class CycleDriver
{
    /// <summary>Begins a cycle now, whatever the cycle time.</summary>
    public static void BeginCycle(this NodeCore core, Instant now)
    {
        core.State.Now = now;
        core.Sampling.BeginCycle();
        core.Contact(now, []); // An input with nothing in it: what readers see is brought up to date.
    }
}
