namespace Hearsay.Protocols.Aggregation.PushSum;

/// <summary>
/// Push-sum (Kempe, Dobra, Gehrke, "Gossip-based computation of aggregate information", FOCS 2003), for transports that
/// give no answers. A node holds a sum s and a weight w; in each round it keeps half of both and sends half to a random
/// node. s/w is the average if every w starts at 1, the sum if only one does.
/// </summary>
/// <remarks>
/// Invariant: Σ s and Σ w, messages under way included, do not change. Pure functions; nothing allocates.
/// </remarks>
internal static class PushSumKernel
{
    /// <summary>Halves what a node holds; the other half is sent.</summary>
    /// <returns>What is sent.</returns>
    public static (double Sum, double Weight) Halve(ref double sum, ref double weight) =>
        (Halve(ref sum), Halve(ref weight));

    /// <summary>Halves one cell of what a node holds, the weight or one of several sums.</summary>
    /// <returns>What is sent.</returns>
    public static double Halve(ref double cell) => cell /= 2;

    /// <summary>Takes in what came.</summary>
    public static void Absorb(ref double sum, ref double weight, double cameSum, double cameWeight) =>
        (sum, weight) = (sum + cameSum, weight + cameWeight);

    /// <summary>Takes in one cell of what came.</summary>
    public static void Absorb(ref double cell, double came) => cell += came;

    /// <summary>Whether what came over a network can be half of anything.</summary>
    public static bool IsValid(double sum, double weight) =>
        double.IsFinite(sum) && double.IsFinite(weight) && weight >= 0;

    /// <summary>
    /// The estimate; not a number while the node has no weight, of which isolation can leave nothing.
    /// </summary>
    public static double Estimate(double sum, double weight) =>
        weight > double.Epsilon && double.IsFinite(sum / weight) ? sum / weight : double.NaN;
}
