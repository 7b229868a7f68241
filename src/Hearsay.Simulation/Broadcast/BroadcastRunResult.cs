using Hearsay.Simulation.Broadcast;

namespace Hearsay.Simulation;

/// <summary>
/// The results of a <see cref="BroadcastRun"/>. Percentiles and maxima are taken per message and averaged over the
/// messages.
/// </summary>
public sealed record BroadcastRunResult
{
    /// <summary>Deliveries, divided by the number of running nodes and of messages.</summary>
    public required double Delivery { get; init; }

    /// <summary>Deliveries of a message to a node that had it already. There are none unless the protocol is
    /// broken.</summary>
    public required long DeliveredTwice { get; init; }

    /// <summary>Messages sent with their payload, per node and message.</summary>
    public required double PayloadPerNode { get; init; }

    /// <summary>
    /// Relative message redundancy: payloads sent per receiver (without the publisher), less one. Messages of the
    /// warm-up that were brought to newly joined nodes count on both sides.
    /// </summary>
    public required double Redundancy { get; init; }

    /// <summary>Frames without payload, per node and message.</summary>
    public required double ControlPerNode { get; init; }

    /// <summary>The bytes of the bodies of these frames, per node and message.</summary>
    public required double ControlBytesPerNode { get; init; }

    /// <summary>The bytes of the bodies of all frames, including payloads and chunks, per node and message.
    /// </summary>
    public required double BytesPerNode { get; init; }

    /// <summary>The number of hops within which half of the nodes got a message.</summary>
    public required double HopsP50 { get; init; }

    /// <summary>The same for 99 of 100 nodes.</summary>
    public required double HopsP99 { get; init; }

    /// <summary>The same for all nodes that got it.</summary>
    public required double HopsMax { get; init; }

    /// <summary>Milliseconds until half of the nodes had a message.</summary>
    public required double LatencyMsP50 { get; init; }

    /// <summary>The same for 99 of 100 nodes.</summary>
    public required double LatencyMsP99 { get; init; }

    /// <summary>The same for all nodes that got it.</summary>
    public required double LatencyMsMax { get; init; }

    /// <summary>Events the simulator handled.</summary>
    public required long Events { get; init; }

    /// <summary>The latencies in milliseconds of the deliveries of the last message counted, ascending.</summary>
    public required IReadOnlyList<double> LastLatenciesMs { get; init; }

    /// <summary>Puts the figures together.</summary>
    /// <param name="records">A record for each message.</param>
    /// <param name="sums">The traffic meanwhile.</param>
    /// <param name="judged">The nodes that were up all the time.</param>
    /// <param name="events">Events handled.</param>
    internal static BroadcastRunResult Of(
        BroadcastRecord[] records, in BroadcastSums sums, int[] judged, long events)
    {
        var twice = records.Sum(static record => (long)record.Twice);
        var perNode = 1.0 / ((double)judged.Length * records.Length);
        double Mean(Func<BroadcastRecord, double> figure) => records.Average(figure);
        return new BroadcastRunResult
        {
            Delivery = records.Sum(record => (long)judged.Count(record.Has)) * perNode,
            DeliveredTwice = twice,
            PayloadPerNode = sums.Payloads * perNode,
            Redundancy = ((double)sums.Payloads / Math.Max(1, sums.Received - twice)) - 1,
            ControlPerNode = sums.Control * perNode,
            ControlBytesPerNode = sums.ControlBytes * perNode,
            BytesPerNode = sums.Bytes * perNode,
            HopsP50 = Mean(static record => record.Hops(0.5)),
            HopsP99 = Mean(static record => record.Hops(0.99)),
            HopsMax = Mean(static record => record.Hops(1)),
            LatencyMsP50 = Mean(static record => record.Milliseconds(0.5)),
            LatencyMsP99 = Mean(static record => record.Milliseconds(0.99)),
            LatencyMsMax = Mean(static record => record.Milliseconds(1)),
            Events = events,
            LastLatenciesMs = records[^1].Sorted(),
        };
    }
}
