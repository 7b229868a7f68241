namespace Hearsay.Protocols.Core;

/// <summary>
/// When a node's next cycle is. Nodes begin their cycles spread over the time of one, and must stay so, also after a
/// stall that made all nodes of a process late at once: where all begin at the same moment all exchanges overlap, and
/// the variance of an aggregate falls by about a half a cycle instead of by two thirds.
/// </summary>
internal static class Cadence
{
    /// <summary>
    /// The first moment after now that is whole cycles after the last: cycles that were missed are left out, and the
    /// node's place in the cycle is the same as before, however late it was woken.
    /// </summary>
    public static Instant Next(Instant last, TimeSpan cycle, Instant now)
    {
        var missed = Math.Max(0, (now - last).Ticks / cycle.Ticks);
        return last + TimeSpan.FromTicks((missed + 1) * cycle.Ticks);
    }
}
