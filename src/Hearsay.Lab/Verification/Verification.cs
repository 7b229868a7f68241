using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab;

/// <summary>
/// Runs a plan, as many runs at a time as there are cores and each on one thread; results in the order of the plan.
/// </summary>
public static class Verification
{
    /// <summary>Runs all, those that take longest first.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="progress">Is told the share that is done, by the seconds that the plan expects.</param>
    /// <param name="finished">Is told of every run that is done; on any thread, one at a time.</param>
    /// <param name="atATime">How many at a time; as many as there are cores unless given.</param>
    public static IReadOnlyList<VerifiedRun> Run(
        IReadOnlyList<PlannedRun> plan, ILabProgress progress, Action<VerifiedRun>? finished = null,
        int? atATime = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(progress);
        var results = new VerifiedRun[plan.Count];
        var done = new double[plan.Count];
        var (total, gate) = (plan.Sum(run => run.Seconds), new Lock());
        int[] order = [.. Enumerable.Range(0, plan.Count).OrderByDescending(index => plan[index].Seconds)];
        LabWork.SideBySide(plan.Count, atATime ?? Environment.ProcessorCount, position =>
        {
            var index = order[position];
            void Report(double share)
            {
                Volatile.Write(ref done[index], Math.Clamp(share, 0, 1) * plan[index].Seconds);
                progress.Report(done.Sum() / total);
            }

            var start = ThreadCpu.Seconds;
            var result = plan[index].Run(new PartOfPlan(Report));
            results[index] = new VerifiedRun(
                plan[index], result, TimeSpan.FromSeconds(ThreadCpu.Seconds - start));
            Report(1);
            lock (gate)
            {
                finished?.Invoke(results[index]);
            }
        });
        return results;
    }

    private sealed class PartOfPlan(Action<double> report) : ILabProgress
    {
        public void Report(double share) => report(share);
    }
}
