namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// A command that tells a <see cref="BroadcastProtocol"/> to publish a message. While the links accept no more, it
/// waits together with up to 1,023 others. <see cref="WithdrawCommand"/> takes it back. Immutable.
/// </summary>
/// <param name="Topic">The topic in UTF-8.</param>
/// <param name="Payload">The payload. It must not change until <paramref name="Done"/> is called.</param>
/// <param name="Done">
/// Called inside the event loop with the outcome and the id of the message; null if not needed.
/// </param>
/// <param name="IsTracked">Whether nodes acknowledge the message, for <see cref="BroadcastProtocol.ReachOf"/>.</param>
/// <param name="Reached">
/// Called inside the event loop, after <paramref name="Done"/>, whenever <see cref="BroadcastProtocol.ReachOf"/>
/// changes, with that number of nodes and the number of neighbours that have acknowledged the message to this node.
/// Both only grow. The last call passes 0 nodes, when the message is no longer tracked. Null if not needed.
/// </param>
/// <param name="Sent">
/// Called inside the event loop once the message has gone to the neighbours: at once, or when the first link comes up.
/// It gets the number of neighbours that were sent the message or told of it, and how many of these were sent it. Both
/// are 0 in the mode <see cref="BroadcastMode.Fanout"/>, which uses no links, and if the message is left to the repair
/// or is too old by then. It is never called if the message was not published. Null if not needed.
/// </param>
/// <param name="Trace">
/// The trace and the span that publish it, of <see cref="MessageFrame.TraceBytes"/>; empty for none.
/// </param>
internal sealed record PublishCommand(
    ReadOnlyMemory<byte> Topic, ReadOnlyMemory<byte> Payload, Action<PublishOutcome, BroadcastId>? Done = null,
    bool IsTracked = false, Action<long, int>? Reached = null, Action<int, int>? Sent = null,
    ReadOnlyMemory<byte> Trace = default);
