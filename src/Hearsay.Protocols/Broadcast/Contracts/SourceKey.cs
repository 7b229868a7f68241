namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// One life of a publisher: its sequence numbers start again with every incarnation. What neighbours do not repair has
/// numbers of its own, as if another incarnation had published it.
/// </summary>
internal readonly record struct SourceKey(NodeId Origin, ulong Incarnation)
{
    public const int SizeBytes = NodeId.SizeBytes + sizeof(ulong);

    /// <summary>No incarnation of a node has this bit.</summary>
    private const ulong UnrepairedBit = 1UL << 63;

    /// <summary>
    /// Whether neighbours compare what they have of it. If not, who published it finds what was lost in another way.
    /// </summary>
    public bool IsRepaired => (Incarnation & UnrepairedBit) == 0;

    /// <summary>The same life, for what is not repaired.</summary>
    public SourceKey Unrepaired => this with { Incarnation = Incarnation | UnrepairedBit };

    /// <summary>32 bits that stand for the source in message names: a hint, never a proof.</summary>
    public uint Tag => (uint)SeededRandom.Mix(
        Origin.High ^ SeededRandom.Mix(Origin.Low ^ SeededRandom.Mix(Incarnation)));

    public static SourceKey Read(ref WireReader reader) => new(reader.ReadNodeId(), reader.ReadUInt64());

    public void Write(ref WireWriter writer)
    {
        writer.WriteNodeId(Origin);
        writer.WriteUInt64(Incarnation);
    }
}
