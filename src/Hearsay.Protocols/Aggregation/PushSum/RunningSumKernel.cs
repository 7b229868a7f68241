namespace Hearsay.Protocols.Aggregation.PushSum;

/// <summary>
/// Push-sum that loses nothing (Hadjicostis, Vaidya, Domínguez-García, "Robust distributed average consensus via
/// exchange of running sums", IEEE TAC 2016): a node sends over each edge all that it ever sent over it, and the
/// receiver takes in the difference to what it saw before. What was lost comes with the next message.
/// </summary>
/// <remarks>
/// Running sums only make sense over the same few edges, 3 to 5 of them: lost mass waits for the next use of its edge.
/// A doubled message changes nothing; one that was overtaken must be dropped by its number, as its difference would be
/// taken back and given again. Pure functions; nothing allocates.
/// </remarks>
internal static class RunningSumKernel
{
    /// <summary>Halves what a node holds and adds the half to the running sum of an edge, which is then sent.</summary>
    public static void Send(ref double held, ref double running)
    {
        held /= 2;
        running += held;
    }

    /// <summary>Takes in what a running sum grew by.</summary>
    /// <param name="held">What the node holds.</param>
    /// <param name="seen">The running sum seen last over this edge.</param>
    /// <param name="running">The running sum that came.</param>
    public static void Receive(ref double held, ref double seen, double running)
    {
        held += running - seen;
        seen = running;
    }
}
