namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>Asks a <see cref="BroadcastProtocol"/> for what it still holds, as a command of the application.</summary>
/// <param name="Topic">Of this topic, in UTF-8; empty for all topics.</param>
/// <param name="Sink">Takes the messages, the oldest first.</param>
/// <param name="Done">Called after the last of them; no other message is delivered in between.</param>
internal sealed record HeldCommand(ReadOnlyMemory<byte> Topic, IBroadcastSink Sink, Action Done);
