namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>What the paper and its formulas say of push-pull averaging.</summary>
internal static class AveragingTheory
{
    /// <summary>Where they are from.</summary>
    public const string Source = "Jelasity, Montresor, Babaoglu 2005";

    /// <summary>The variance falls by this in a cycle in which every node starts one exchange.</summary>
    public static readonly double Factor = 1 / (2 * Math.Sqrt(Math.E));

    /// <summary>The first cycle starts from independent values, the last ones may be rounding.</summary>
    private const int FirstFactorCycle = 2;
    private const int LastFactorCycle = 25;

    /// <summary>The mean of the factors of cycles 2 to 25; none where no cycle has one.</summary>
    public static double? MeanFactor(IEnumerable<Row> rows)
    {
        var factors = rows.Where(static row => row["factor"] is not null
            && row.Number("cycle") is >= FirstFactorCycle and <= LastFactorCycle).ToArray();
        return factors.Length > 0 ? factors.Average(static row => row.Number("factor")) : null;
    }

    /// <summary>The factor when a share of the exchanges does not happen, for both sides.</summary>
    public static double FactorUnderLinkFailure(double failing) =>
        (1 + failing) / 2 * Math.Exp(-(1 - failing) / 2);

    /// <summary>
    /// The standard deviation of the mean relative to itself after some cycles, when a share of the nodes crashes
    /// before each; of values with this standard deviation over mean.
    /// </summary>
    public static double BiasUnderCrashes(double crashing, int nodes, int cycles, double variation)
    {
        var ratio = Factor / (1 - crashing);
        return variation * Math.Sqrt(
            crashing / (nodes * (1 - crashing)) * (1 - Math.Pow(ratio, cycles)) / (1 - ratio));
    }

    /// <summary>
    /// An exchange of which only the responder took part leaves a bias of k · CV/√N; k was fitted to simulations at
    /// N = 10,000, uniform values, 50 runs each. None for other shares of loss.
    /// </summary>
    public static double? BiasConstant(double loss) => loss switch
    {
        0.05 => 0.16,
        0.1 => 0.21,
        0.2 => 0.31,
        0.3 => 0.41,
        _ => null,
    };
}
