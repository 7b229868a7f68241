using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Core;

namespace Hearsay.Diagnostics;

/// <summary>
/// The activities of the source <c>Hearsay</c>: publications, deliveries and requests. A message or request whose
/// activity is recorded carries the ids of its trace and span, so what happens on other nodes is part of the same
/// trace. Without a listener nothing is made, carried or allocated.
/// </summary>
internal static class NodeTracing
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Hearsay";

    /// <summary>A trace id of 16 bytes and a span id of 8.</summary>
    private const int TraceIdBytes = 16;

    private const string ErrorType = "error.type";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Whether anybody listens.</summary>
    public static bool IsOn => s_source.HasListeners();

    /// <summary>A message is published; null if nobody listens.</summary>
    public static Activity? Publish(string topic, int payloadBytes, NodeId node) =>
        s_source.HasListeners() && s_source.StartActivity($"publish {topic}", ActivityKind.Producer) is { } activity
            ? Tag(activity, topic, payloadBytes, node).SetTag("messaging.operation.type", "send")
            : null;

    /// <summary>What goes with a message or request; empty if its activity is not recorded.</summary>
    public static ReadOnlyMemory<byte> ContextOf(Activity? activity)
    {
        if (activity is not { Recorded: true })
        {
            return default;
        }

        var context = new byte[MessageFrame.TraceBytes];
        activity.TraceId.CopyTo(context.AsSpan(0, TraceIdBytes));
        activity.SpanId.CopyTo(context.AsSpan(TraceIdBytes));
        return context;
    }

    /// <summary>It has its id now.</summary>
    public static void Published(Activity? activity, in BroadcastId id) =>
        activity?.SetTag("messaging.message.id", id.ToString());

    /// <summary>It failed.</summary>
    public static void Failed(Activity? activity, Exception error) =>
        activity?.SetStatus(ActivityStatusCode.Error, error.Message).SetTag(ErrorType, error.GetType().Name);

    /// <summary>
    /// A message of another node has arrived. Its span begins when the message was published, by the clock of this
    /// node: now, less its age, which no clock of another node tells.
    /// </summary>
    public static void Delivered(in BroadcastMessage message, NodeId node)
    {
        if (message.Trace.Length != MessageFrame.TraceBytes || message.Hops == 0 || !s_source.HasListeners())
        {
            return;
        }

        var topic = Encoding.UTF8.GetString(message.Topic);
        var now = DateTimeOffset.UtcNow;
        using var activity = s_source.StartActivity(
            $"deliver {topic}", ActivityKind.Consumer, Parent(message.Trace), startTime: now - message.Age);
        if (activity is not null)
        {
            Tag(activity, topic, message.Payload.Length, node)
                .SetTag("messaging.operation.type", "receive")
                .SetTag("messaging.message.id", message.Id.ToString())
                .SetTag("hearsay.origin", message.Origin.ToString())
                .SetTag("hearsay.hops", message.Hops)
                .SetEndTime(now.UtcDateTime);
        }
    }

    /// <summary>A peer is asked; null if nobody listens.</summary>
    public static Activity? Ask(string name, in Peer peer, NodeId node) =>
        s_source.HasListeners() && s_source.StartActivity($"ask {name}", ActivityKind.Client) is { } activity
            ? Tag(activity, node).SetTag("rpc.method", name).SetTag("hearsay.peer", peer.Id.ToString())
                .SetTag("server.address", peer.Address.ToString())
            : null;

    /// <summary>A request of another node is handled; null if it is not traced or nobody listens.</summary>
    public static Activity? Answer(string name, byte[]? trace, NodeId from, NodeId node)
    {
        if (trace is null || !s_source.HasListeners())
        {
            return null;
        }

        return s_source.StartActivity($"answer {name}", ActivityKind.Server, Parent(trace)) is { } activity
            ? Tag(activity, node).SetTag("rpc.method", name).SetTag("hearsay.peer", from.ToString())
            : null;
    }

    private static ActivityContext Parent(ReadOnlySpan<byte> trace) => new(
        ActivityTraceId.CreateFromBytes(trace[..TraceIdBytes]),
        ActivitySpanId.CreateFromBytes(trace[TraceIdBytes..]), ActivityTraceFlags.Recorded, isRemote: true);

    private static Activity Tag(Activity activity, NodeId node) => activity.SetTag("hearsay.node", node.ToString());

    private static Activity Tag(Activity activity, string topic, int payloadBytes, NodeId node) => Tag(activity, node)
        .SetTag("messaging.system", "hearsay")
        .SetTag("messaging.destination.name", topic)
        .SetTag("messaging.message.body.size", payloadBytes.ToString(CultureInfo.InvariantCulture));
}
