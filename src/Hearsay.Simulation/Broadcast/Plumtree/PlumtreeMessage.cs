using Hearsay.Protocols;

namespace Hearsay.Simulation.Broadcast.Plumtree;

/// <summary>A message that a <see cref="PlumtreeProtocol"/> has had.</summary>
/// <param name="id">Its name.</param>
/// <param name="body">A message frame behind room for the number of a link.</param>
/// <param name="received">When it came.</param>
/// <param name="ageThen">How old it was then, in ticks.</param>
internal sealed class PlumtreeMessage(BroadcastId id, byte[] body, Instant received, long ageThen)
{
    /// <summary>Its name.</summary>
    public BroadcastId Id => id;

    /// <summary>A message frame behind room for the number of a link.</summary>
    public byte[] Body => body;

    /// <summary>When it came.</summary>
    public Instant Received => received;

    /// <summary>Over how many links it came.</summary>
    public required byte Hops { get; init; }

    /// <summary>The low bits of its sequence.</summary>
    public required ushort Sequence { get; init; }

    /// <summary>How old it is, in ticks.</summary>
    public long AgeAt(Instant now) => ageThen + (now - received).Ticks;
}
