using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Up.Phases;

/// <summary>Lets all nodes agree on the mean of their numbers, and on how many they are.</summary>
internal static class AggregatePhase
{
    /// <summary>The first epochs are short of members: who joined meanwhile waits for the next.</summary>
    private const int PatienceEpochs = 5;

    /// <summary>Runs until a whole epoch has passed in which all took part.</summary>
    /// <returns>Null if there was none.</returns>
    public static async Task<AggregateResult?> RunAsync(
        LocalNetwork network, UpSettings settings, IUpDisplay display, CancellationToken cancellation)
    {
        var nodes = network.Live.ToArray();
        var truth = nodes.Average(node => network.NumberOf(node.Id));
        var aggregates = nodes.Select(node => node.GetAggregate("number").Average(() => network.NumberOf(node.Id)))
            .ToArray();
        display.Line($"The nodes agree on the mean of their numbers, {truth:0.0###}:");
        var before = "";
        var cycles = PatienceEpochs * settings.Aggregation.CyclesPerEpoch;
        AggregateResult? result = null;
        for (var cycle = 0; cycle < cycles && result is null; cycle++)
        {
            await Task.Delay(settings.Aggregation.CycleTime, cancellation).ConfigureAwait(false);
            result = Whole([.. aggregates.Select(static aggregate => aggregate.Final)], truth, nodes);
            var line = result is not null
                ? $"  epoch {result.Epoch} is over: all {nodes.Length} nodes say {result.Estimate:0.00####}, and "
                    + $"none is off by more than {result.LargestError:0.0e0}"
                : Describe([.. aggregates.Select(static aggregate => aggregate.Latest)]);
            if (line != before && (cycle % 2 == 0 || result is not null))
            {
                display.Line(line);
                before = line;
            }
        }

        Array.ForEach(aggregates, static aggregate => aggregate.Dispose());
        return result;
    }

    private static string Describe(AggregateEstimate[] estimates)
    {
        var ready = estimates.Where(static estimate => double.IsFinite(estimate.Value)).ToArray();
        return ready.Length == 0
            ? "  no node has an estimate yet"
            : $"  epoch {ready.Max(static e => e.Epoch)}, cycle {ready.Max(static e => e.Cycle),2}: {ready.Length} "
                + $"nodes say {ready.Min(static e => e.Value):0.00####} to {ready.Max(static e => e.Value):0.00####}";
    }

    /// <summary>Only an epoch in which every node gave its value tells how well they agree.</summary>
    private static AggregateResult? Whole(AggregateEstimate[] finals, double truth, GossipNode[] nodes)
    {
        if (!Array.TrueForAll(finals, final => final.IsReady && final.Epoch == finals[0].Epoch
            && final.Contributors > 1 - (0.5 / nodes.Length)))
        {
            return null;
        }

        var error = finals.Max(final => Math.Abs(final.Value - truth));
        var sizes = nodes.Select(static node => node.NetworkSize ?? double.NaN).Where(double.IsFinite).ToArray();
        return new AggregateResult(
            truth, finals[0].Value, error, sizes.Length == 0 ? null : sizes.Average(), finals[0].Epoch);
    }
}
