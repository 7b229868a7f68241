namespace Hearsay;

/// <summary>A rumor reached this node, for the first time: the event of <c>RumorProtocol</c>.</summary>
/// <param name="Id">Which rumor.</param>
/// <param name="Payload">Its text; never changes.</param>
/// <param name="AgeCycles">How many cycles it was under way, by the count of those that carried it.</param>
/// <remarks>At most once per rumor, as long as the node remembers it.</remarks>
public sealed record RumorHeard(RumorId Id, ReadOnlyMemory<byte> Payload, int AgeCycles);
