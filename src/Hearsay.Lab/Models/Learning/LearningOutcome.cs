namespace Hearsay.Lab.Models.Learning;

/// <summary>What one split gave: gossip, and what it is compared with.</summary>
/// <param name="Points">Gossip, by cycle.</param>
/// <param name="Federated">The error of federated averaging after each round; at least as many as cycles.</param>
/// <param name="FederatedBytes">The bytes of such a round per client.</param>
/// <param name="Central">The error of central training.</param>
/// <param name="Local">The mean error of nodes that learn alone.</param>
/// <param name="CpuSeconds">The processor time of gossip without evaluation.</param>
/// <param name="Merges">Models merged.</param>
internal sealed record LearningOutcome(
    IReadOnlyList<LearningPoint> Points, double[] Federated, double FederatedBytes, double Central, double Local,
    double CpuSeconds, long Merges)
{
    /// <summary>How many times as many rounds as cycles federated averaging runs at most.</summary>
    private const int MostRounds = 10;

    /// <summary>The largest burst of one node.</summary>
    public int LargestBurst { get; private init; }

    /// <summary>The lowest balance of a token account.</summary>
    public int LowestBalance { get; private init; }

    /// <summary>The last point.</summary>
    public LearningPoint Last => Points[^1];

    /// <summary>The error after a cycle that was recorded.</summary>
    public double ErrorAt(int cycle) => Points.First(point => point.Cycle == cycle).Error;

    /// <summary>The error of federated averaging when it has moved as many bytes per node.</summary>
    public double FederatedAtBytes(double bytes) =>
        Federated[Math.Clamp((int)(bytes / FederatedBytes), 0, Federated.Length - 1)];

    /// <summary>
    /// As many rounds as there were cycles, or as move the bytes that gossip moved, where that is more; ten times as
    /// many at most.
    /// </summary>
    private static int RoundsOf(LearningRunOptions options, LearningPoint last, double roundBytes) => Math.Max(
        options.Cycles, (int)Math.Min(last.BytesPerNode / roundBytes, MostRounds * (double)options.Cycles));

    /// <summary>Runs one split.</summary>
    public static LearningOutcome Of(
        LearningRunOptions options, LearningSplit split, Action? onCycle = null, bool withBaselines = true)
    {
        using var world = new LearningWorld(options, split);
        var points = world.Run(onCycle);
        var baselines = new LearningBaselines(options, split);
        return new LearningOutcome(
            points,
            withBaselines ? baselines.Federated(RoundsOf(options, points[^1], baselines.FederatedBytes)) : [1],
            baselines.FederatedBytes,
            withBaselines ? baselines.Central() : 1,
            withBaselines ? baselines.Local() : 1,
            world.CpuSeconds, world.Merges)
        {
            LargestBurst = world.LargestBurst, LowestBalance = world.LowestBalance,
        };
    }
}
