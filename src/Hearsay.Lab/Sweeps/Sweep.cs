using System.Collections.Concurrent;
using Hearsay.Lab.Contract;

namespace Hearsay.Lab.Sweeps;

/// <summary>Runs a plan, or a part of it, side by side, leaving out what the file has already.</summary>
internal static class Sweep
{
    /// <summary>Runs it.</summary>
    /// <param name="plan">All runs.</param>
    /// <param name="shard">Which of them are this process's.</param>
    /// <param name="file">Where the rows go.</param>
    /// <param name="parallel">Runs at a time; each has one thread.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <exception cref="LabUsageException">The file has other columns.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static SweepOutcome Run(
        SweepPlan plan, SweepShard shard, SweepFile file, int parallel, ILabProgress progress)
    {
        var (present, ran, refused, done) = (0, 0, new ConcurrentQueue<string>(), 0L);
        var runs = new List<int>();
        for (var run = 0; run < plan.RunCount; run++)
        {
            if (shard.Has(run))
            {
                var isThere = file.Has(SweepPlan.NameOf(plan.OptionsOf(run)));
                present += isThere ? 1 : 0;
                runs.AddRange(isThere ? [] : [run]);
            }
        }

        LabWork.SideBySide(runs.Count, parallel, index =>
        {
            var options = plan.OptionsOf(runs[index]);
            if (TryRun(plan.Experiment, options, refused) is { } result)
            {
                file.Add(SweepRow.Of(SweepPlan.NameOf(options), result));
                Interlocked.Increment(ref ran);
            }

            progress.Report(Interlocked.Increment(ref done) / (double)runs.Count);
        });
        return new SweepOutcome(present, ran, refused.Count, refused.FirstOrDefault());
    }

    private static ExperimentResult? TryRun(
        IExperiment experiment, IReadOnlyDictionary<string, string> options, ConcurrentQueue<string> refused)
    {
        var texts = new Dictionary<string, string>(options);
        if (experiment.Options.Any(option => option.Name == "--threads"))
        {
            texts.TryAdd("--threads", "1");
        }

        try
        {
            return experiment.Run(new LabParameters(experiment.Options, texts), NoProgress.Instance);
        }
        catch (LabUsageException wrong)
        {
            refused.Enqueue(wrong.Message);
            return null;
        }
    }
}
