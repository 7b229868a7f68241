namespace Hearsay.Protocols.Aggregation.FlowUpdating;

/// <summary>
/// Flow updating, pairwise (Jesus, Baquero, Almeida, "Fault-tolerant aggregation by flow updating", DAIS 2009): a
/// node's value never moves, only the flows to its neighbours do, and its estimate is its value minus what flowed away.
/// </summary>
/// <remarks>
/// <para>Invariant: once the two ends of every edge agree, F_i[j] = -F_j[i], so the estimates sum to the values. A
/// message states a flow instead of changing one: losing or doubling it does no harm, the next contact heals. A crashed
/// neighbour's flow is dropped, and its mass returns; a changed value is just changed. There are no epochs.</para>
/// <para>It needs a stable set of neighbours, 4 to 8 of them. Pure functions; nothing allocates.</para>
/// <code>
/// i                              j
/// │── flow F_i[j], estimate e_i ─▶│  F_j[i] := -F_i[j], then both to their average
/// │◀─ flow F_j[i], average a ─────│
/// F_i[j] := -F_j[i]
/// </code>
/// </remarks>
internal static class FlowKernel
{
    /// <summary>What the side contacted does.</summary>
    /// <param name="flow">Its flow to the other side.</param>
    /// <param name="estimate">Its estimate, which goes along.</param>
    /// <param name="otherFlow">The other side's flow to it.</param>
    /// <param name="otherEstimate">The other side's estimate.</param>
    public static void Receive(ref double flow, ref double estimate, double otherFlow, double otherEstimate)
    {
        Adopt(ref flow, ref estimate, otherFlow);
        var average = (estimate + otherEstimate) / 2;
        flow += estimate - average;
        estimate = average;
    }

    /// <summary>What the other side does with the answer; again and again is the same as once.</summary>
    /// <param name="flow">Its flow to the side that answered.</param>
    /// <param name="estimate">Its estimate, which goes along.</param>
    /// <param name="otherFlow">The flow of the side that answered.</param>
    public static void Adopt(ref double flow, ref double estimate, double otherFlow)
    {
        estimate += flow + otherFlow;
        flow = -otherFlow;
    }

    /// <summary>The estimate from scratch; the functions above keep it up to date but for rounding.</summary>
    public static double Estimate(double value, ReadOnlySpan<double> flows)
    {
        foreach (var flow in flows)
        {
            value -= flow;
        }

        return value;
    }

    /// <summary>Whether a flow or estimate that came over a network is a number that can be calculated with.</summary>
    public static bool IsValid(double number, double greatest) => Math.Abs(number) <= greatest;
}
