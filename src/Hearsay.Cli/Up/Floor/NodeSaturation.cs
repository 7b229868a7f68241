using Hearsay.Protocols;

namespace Hearsay.Cli.Up.Floor;

/// <summary>
/// Lets nodes begin the next cycle as soon as no exchange of theirs is in flight, inside their own loops: the
/// driving costs a comparison per packet.
/// </summary>
internal static class NodeSaturation
{
    /// <summary>Starts: one exchange in flight per node from now on.</summary>
    public static void Start(ReadOnlySpan<GossipNode> nodes)
    {
        foreach (var node in nodes)
        {
            node.Loop.Drive = BeginNextIfIdle;

            // It only wakes the node: one with so many inputs waiting that it refuses this is awake.
            node.Loop.Post(BeginNextIfIdle);
        }
    }

    /// <summary>Stops: the nodes go on at their own pace.</summary>
    public static void Stop(ReadOnlySpan<GossipNode> nodes)
    {
        foreach (var node in nodes)
        {
            node.Loop.Drive = null;
        }
    }

    private static void BeginNextIfIdle(NodeCore core, Instant now)
    {
        var counters = core.Counters;
        var ended = counters.ExchangesCompleted + counters.ExchangesTimedOut + counters.ExchangesMisdirected;
        if (counters.ExchangesStarted <= ended)
        {
            core.BeginCycle(now);
        }
    }
}
