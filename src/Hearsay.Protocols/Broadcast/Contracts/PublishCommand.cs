namespace Hearsay.Protocols;

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
/// changes. The number only grows. The last call passes 0, when the message is no longer tracked. Null if not needed.
/// </param>
/// <param name="Sent">
/// Called inside the event loop once the message has gone to a neighbour: at once, or when the first link comes up. It
/// is never called if the message is too old by then or was not published. Null if not needed.
/// </param>
public sealed record PublishCommand(
    ReadOnlyMemory<byte> Topic, ReadOnlyMemory<byte> Payload, Action<PublishOutcome, BroadcastId>? Done = null,
    bool IsTracked = false, Action<long>? Reached = null, Action? Sent = null);
