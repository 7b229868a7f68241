namespace Hearsay;

/// <summary>
/// The event of <c>RumorProtocol</c> that a rumor has reached this node for the first time. Immutable.
/// </summary>
/// <param name="Id">The id of the rumor.</param>
/// <param name="Payload">The payload of the rumor, which never changes.</param>
/// <param name="AgeCycles">
/// The number of cycles since the rumor started, as counted by the nodes that passed it on.
/// </param>
/// <remarks>The event comes at most once per rumor, for as long as the node remembers the rumor.</remarks>
public sealed record RumorHeard(RumorId Id, ReadOnlyMemory<byte> Payload, int AgeCycles);
