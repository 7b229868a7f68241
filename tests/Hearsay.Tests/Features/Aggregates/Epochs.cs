using Hearsay.Tests.Transport;
using Xunit.Sdk;

namespace Hearsay.Tests.Features.Aggregates;

/// <summary>
/// What live nodes agree on. An epoch lasts little more than a second here, and a node that the machine keeps from
/// running meanwhile is rightly missing in it; so a check that fails is made again on the next epoch.
/// </summary>
internal static class Epochs
{
    /// <summary>How many epochs may fail the check; that all do is a failure, however long each took.</summary>
    private const int MostTries = 20;

    /// <summary>Reads each aggregate until an estimate of a whole epoch passes the check.</summary>
    /// <param name="aggregates">One on each node.</param>
    /// <param name="check">Throws what is wrong.</param>
    public static async Task EachPassesAsync(IEnumerable<Aggregate> aggregates, Action<AggregateEstimate> check) =>
        await Task.WhenAll(aggregates.Select(aggregate => PassesAsync(aggregate, check)));

    /// <summary>Reads all aggregates until the estimates of one and the same epoch pass the check.</summary>
    /// <param name="aggregates">One on each node.</param>
    /// <param name="check">Gets the estimates of all, and throws what is wrong.</param>
    public static async Task TogetherPassAsync(
        IReadOnlyCollection<Aggregate> aggregates, Action<IReadOnlyList<AggregateEstimate>> check)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        done.CancelAfter(Eventually.Deadline);
        var gate = new Lock();
        var byEpoch = new Dictionary<long, List<AggregateEstimate>>();
        var (tries, passed) = (0, false);

        async Task ReadAsync(Aggregate aggregate)
        {
            await foreach (var estimate in aggregate.WatchAsync(done.Token))
            {
                lock (gate)
                {
                    var all = byEpoch.TryGetValue(estimate.Epoch, out var known) ? known : byEpoch[estimate.Epoch] = [];
                    all.Add(estimate);
                    if (!passed && all.Count == aggregates.Count && (passed = Passes(() => check(all), ++tries)))
                    {
                        done.Cancel();
                    }
                }
            }
        }

        try
        {
            await Task.WhenAll(aggregates.Select(ReadAsync));
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // What the last estimates are for, or the deadline.
        }

        Assert.True(passed, $"{tries} epochs were whole and none passed within {Eventually.Deadline}.");
    }

    private static async Task PassesAsync(Aggregate aggregate, Action<AggregateEstimate> check)
    {
        var tries = 0;
        await foreach (var estimate in aggregate.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (Passes(() => check(estimate), ++tries))
            {
                return;
            }
        }

        throw new InvalidOperationException("The estimates ended.");
    }

    /// <summary>Whether nothing is wrong; the last time what is wrong is thrown.</summary>
    private static bool Passes(Action check, int tries)
    {
        try
        {
            check();
            return true;
        }
        catch (XunitException) when (tries < MostTries)
        {
            return false;
        }
    }
}
