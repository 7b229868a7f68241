namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>Messages of one publisher that never came to this node and never will. Immutable.</summary>
/// <param name="Origin">The id of the publisher, as the messages that did come state it.</param>
/// <param name="Incarnation">The incarnation with which the publisher started.</param>
/// <param name="Messages">
/// The number of missing messages over all topics, since this node does not know their topics. A forged message with a
/// sequence number far ahead makes the number too high. A gap of more than 16 million is not counted.
/// </param>
/// <param name="Age">The minimum time since the messages were published.</param>
internal readonly record struct BroadcastLoss(NodeId Origin, ulong Incarnation, long Messages, TimeSpan Age);
