using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Broadcast;

/// <summary>What a trace tells of broadcasts: the neighbours, and who has the newest message.</summary>
internal static class BroadcastTrace
{
    /// <summary>A run over given neighbours, traced from now on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">Its options.</param>
    /// <param name="trace">Where it is traced; null for no trace.</param>
    /// <returns>The run.</returns>
    public static BroadcastRun Begun(BroadcastRun run, BroadcastRunOptions options, LabTrace? trace)
    {
        trace?.Begin(run.Network, options.Nodes, TraceOf(run.HasNewest) with
        {
            // Messages to sampled peers travel over the entries of views.
            Links = options.Mode == BroadcastMode.Fanout ? null : node => run.LinksOf(node.Index),
        });
        return run;
    }

    /// <summary>A run whose nodes find their neighbours themselves, traced from now on.</summary>
    /// <param name="run">The run, which has formed.</param>
    /// <param name="options">Its options.</param>
    /// <param name="trace">Where it is traced; null for no trace.</param>
    /// <returns>The run.</returns>
    public static OverlayBroadcastRun Begun(OverlayBroadcastRun run, BroadcastRunOptions options, LabTrace? trace)
    {
        if (trace is not null)
        {
            trace.Begin(run.Network, options.Nodes, TraceOf(run.HasNewest) with
            {
                Links = node => run.LinksOf(node.Index),
            });
            run.Crashed = node => trace.TellCrash([node.Index]);
        }

        return run;
    }

    private static NetworkTraceOptions TraceOf(Func<int, bool> has) => new()
    {
        Values = [new TraceValue("has the newest message", 0, 1, node => has(node.Index) ? 1 : 0)],
        Metrics =
        [
            new TraceMetric("have the newest message", "%", network =>
            {
                var up = network.Nodes.Where(static node => node.IsUp).ToList();
                return up.Count == 0 ? 0 : 100.0 * up.Count(node => has(node.Index)) / up.Count;
            }),
        ],
    };
}
