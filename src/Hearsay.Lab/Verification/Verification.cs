namespace Hearsay.Lab;

/// <summary>Runs a plan, as many runs at a time as there are cores; results in the order of the plan.</summary>
public static class Verification
{
    /// <summary>Runs all.</summary>
    public static IReadOnlyList<ExperimentResult> Run(IReadOnlyList<PlannedRun> plan, ILabProgress progress)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(progress);
        var results = new ExperimentResult[plan.Count];
        var shares = new double[plan.Count];
        Parallel.For(
            0, plan.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            index =>
            {
                results[index] = plan[index].Run(new PartOfPlan(share =>
                {
                    Volatile.Write(ref shares[index], share);
                    progress.Report(shares.Sum() / plan.Count);
                }));
            });
        return results;
    }

    private sealed class PartOfPlan(Action<double> report) : ILabProgress
    {
        public void Report(double share) => report(share);
    }
}
