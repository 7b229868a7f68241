using Hearsay.Agent.Shell;
using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Up.Display;

/// <summary>The outcome of a run for people.</summary>
internal static class SummaryText
{
    /// <summary>From here on the runtime's own memory, some 50 MiB, is less than that of the nodes.</summary>
    private const int ManyNodes = 500;

    /// <summary>As lines.</summary>
    public static IEnumerable<string> Of(UpResult result, UpSettings settings)
    {
        yield return "";
        yield return result.CyclesToConverge is { } cycles
            ? $"{Counted.Of(settings.Nodes, "node")} converged within {Counted.Of(cycles, "cycle")} of the last start."
            : result.Interrupted ? $"Interrupted before {Counted.Of(settings.Nodes, "node")} had converged."
            : $"{Counted.Of(settings.Nodes, "node")} did not converge.";
        if (result.Steady is { } steady)
        {
            yield return $"Steady state: {steady.ExchangesPerSecond:N0} exchanges/s, "
                + $"{steady.BytesPerNodePerSecond:N0} bytes per node and second, {steady.CoresUsed:0.000} cores "
                + $"(this display included), {steady.WorkingSetBytesPerNode / 1024:N0} KiB of working set per node"
                + (settings.Nodes < ManyNodes
                    ? ": most of it is the runtime, which these few nodes share." : ".");
        }

        if (result.Crashed > 0)
        {
            var healed = result.HealCycles is { } heal
                ? $"no dead link was left {Counted.Of(heal, "cycle")} later" : "dead links are left";
            yield return $"{Counted.Of(result.Crashed, "node")} crashed; {healed}.";
        }

        if (result.Overlay is { } overlay)
        {
            yield return $"At the end: {Counted.Of(overlay.Live, "node")} in "
                + $"{Counted.Of(overlay.Components, "component")}, {overlay.MeanView:0.0} entries a view, "
                + $"in-degree sd {overlay.InDegreeDeviation:0.00} "
                + $"(random graph {overlay.RandomDeviation:0.00}), clustering {overlay.Clustering:0.000}.";
        }

        foreach (var line in OfFeatures(result, settings))
        {
            yield return line;
        }

        yield return $"Choices and crashes repeat with --seed {settings.Seed}; timing does not.";
        if (result.Floor is { } floor)
        {
            yield return $"Under load an exchange costs {floor.ExchangeMicroseconds:0.0} µs of CPU, "
                + $"{floor.Ratio:0.00} times a bare UDP request and reply ({floor.BareMicroseconds:0.0} µs).";
        }

        if (result.Interrupted)
        {
            yield return "Interrupted: all nodes have left.";
        }
    }

    /// <summary>What the nodes did with each other.</summary>
    private static IEnumerable<string> OfFeatures(UpResult result, UpSettings settings)
    {
        if (result.Rumors is { } rumors)
        {
            yield return $"{rumors.Count} rumors of 1 kB: {rumors.Delivery:P2} of all others heard them, half within "
                + $"{rumors.MedianMs:0.0} ms, 99 % within {rumors.P99Ms:0.0} ms; "
                + $"{rumors.PayloadsPerNode:0.00} payloads sent per node.";
        }

        if (settings.Aggregate)
        {
            yield return result.Aggregate is not { } agreed ? "The nodes have not agreed on the mean of their numbers."
                : $"The mean of their numbers is {agreed.Truth:0.0###}; no node is off by more than "
                    + $"{agreed.LargestError:0.0e0}. "
                    + (agreed.NetworkSize is { } size
                        ? $"They estimate the number of nodes as {size:0.0}."
                        : "They do not know the number of nodes yet.");
        }

        if (settings.Map)
        {
            yield return Of(result.Map);
        }

        if (settings.Learn is not null)
        {
            yield return OfLearning(result);
        }
    }

    private static string OfLearning(UpResult result) => result.Learning is not { } learned
        ? result.LearnedCycles is { } cycles
            ? $"The nodes agreed on how to standardise the data, and learned for {Counted.Of(cycles, "cycle")}."
            : "The nodes have not agreed on how to standardise the data."
        : $"After {learned.Cycles} cycles of learning, models get {learned.Best:P1} (best node), "
            + $"{learned.Median:P1} (median) and {learned.Worst:P1} (worst) of the test records wrong "
            + $"({learned.Mean:P1} in the mean; simulated {learned.Simulated:P1}); one that is trained "
            + $"on all data in one place {learned.Central:P1}, nodes that learn alone {learned.Local:P1}.";

    private static string Of(MapResult? result) => result is not { HealedMs: { } healed } map
        ? "The map has not become equal everywhere."
        : $"After a partition with writes on both sides the map was equal everywhere within {healed / 1_000:0.0} s; "
            + $"a node lacked {map.LackedBytes:N0} bytes and received {map.ReceivedBytes:N0} in all. "
            + $"Lost increments: {map.LostIncrements}.";
}
