using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Hearsay.Lab.Contract;

/// <summary>Runs the independent parts of an experiment, in parallel, with progress.</summary>
internal static class LabWork
{
    /// <summary>How many threads to use: what was asked for, or one per core.</summary>
    public static int Threads(LabParameters parameters)
    {
        var threads = parameters.IsGiven("--threads") ? parameters.Whole("--threads") : Environment.ProcessorCount;
        parameters.Settle("--threads", threads);
        return threads;
    }

    /// <summary>The results in the order of the parts, whoever finished first.</summary>
    public static TResult[] Map<T, TResult>(
        IReadOnlyList<T> parts, LabParameters parameters, ILabProgress progress, Func<T, Action, TResult> run,
        int stepsPerPart = 1)
    {
        var results = new TResult[parts.Count];
        var (done, total) = (0L, (double)parts.Count * stepsPerPart);
        void Step() => progress.Report(Math.Min(1, Interlocked.Increment(ref done) / total));
        SideBySide(parts.Count, Threads(parameters), index => results[index] = run(parts[index], Step));
        return results;
    }

    /// <summary>
    /// Does some pieces of work, one after the other in their order, so many at a time. The first failure ends it and
    /// is thrown as it is.
    /// </summary>
    public static void SideBySide(int count, int threads, Action<int> work)
    {
        // Not a parallel loop of one: that may go on in another thread, and processor time is told by thread.
        for (var index = 0; threads == 1 && index < count; index++)
        {
            work(index);
        }

        if (threads == 1)
        {
            return;
        }

        try
        {
            Parallel.ForEach(
                Partitioner.Create(Enumerable.Range(0, count), EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
