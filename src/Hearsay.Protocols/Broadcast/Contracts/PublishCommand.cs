namespace Hearsay.Protocols;

/// <summary>
/// Tells a <see cref="BroadcastProtocol"/> to publish, as a command of the application. While the links take no more it
/// waits, with up to 1,023 others; <see cref="WithdrawCommand"/> takes it back.
/// </summary>
/// <param name="Topic">The topic in UTF-8.</param>
/// <param name="Payload">The payload; must not change until <paramref name="Done"/> is called.</param>
/// <param name="Done">Called inside the event loop with the outcome and the message's name; may be null.</param>
/// <param name="IsTracked">Whether nodes acknowledge it, for <see cref="BroadcastProtocol.ReachOf"/>.</param>
/// <param name="Reached">
/// Called inside the event loop, after <paramref name="Done"/>, with <see cref="BroadcastProtocol.ReachOf"/> whenever
/// it changes: it grows, and is 0 at the end, when the message is not tracked any more. May be null.
/// </param>
/// <param name="Sent">
/// Called inside the event loop once the message has gone to a neighbour: at once, or when the first link comes up;
/// never if it is too old by then, or was not published. May be null.
/// </param>
public sealed record PublishCommand(
    ReadOnlyMemory<byte> Topic, ReadOnlyMemory<byte> Payload, Action<PublishOutcome, BroadcastId>? Done = null,
    bool IsTracked = false, Action<long>? Reached = null, Action? Sent = null);
