using System.Diagnostics;

namespace Hearsay.Lab;

/// <summary>
/// Runs a plan, as many runs at a time as there are cores and each on one thread; results in the order of the plan.
/// </summary>
public static class Verification
{
    /// <summary>Runs all.</summary>
    public static IReadOnlyList<VerifiedRun> Run(IReadOnlyList<PlannedRun> plan, ILabProgress progress)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(progress);
        var results = new VerifiedRun[plan.Count];
        var shares = new double[plan.Count];
        LabWork.SideBySide(plan.Count, Environment.ProcessorCount, index =>
        {
            var start = Stopwatch.GetTimestamp();
            var result = plan[index].Run(new PartOfPlan(share =>
            {
                Volatile.Write(ref shares[index], share);
                progress.Report(shares.Sum() / plan.Count);
            }));
            results[index] = new VerifiedRun(plan[index], result, Stopwatch.GetElapsedTime(start));
        });
        return results;
    }

    private sealed class PartOfPlan(Action<double> report) : ILabProgress
    {
        public void Report(double share) => report(share);
    }
}
