namespace Hearsay.Lab;

/// <summary>Runs the independent parts of an experiment, in parallel, with progress.</summary>
internal static class LabWork
{
    /// <summary>The results in the order of the parts, whoever finished first.</summary>
    public static TResult[] Map<T, TResult>(
        IReadOnlyList<T> parts, LabParameters parameters, ILabProgress progress, Func<T, Action, TResult> run,
        int stepsPerPart = 1)
    {
        var results = new TResult[parts.Count];
        var (done, total) = (0L, (double)parts.Count * stepsPerPart);
        void Step() => progress.Report(Math.Min(1, Interlocked.Increment(ref done) / total));
        var threads = parameters.IsGiven("--threads") ? parameters.Whole("--threads") : Environment.ProcessorCount;
        parameters.Settle("--threads", threads);
        try
        {
            Parallel.For(0, parts.Count, new ParallelOptions { MaxDegreeOfParallelism = threads },
                index => results[index] = run(parts[index], Step));
        }
        catch (AggregateException failures) when (failures.InnerExceptions is [LabUsageException usage, ..])
        {
            throw usage;
        }

        return results;
    }
}
