namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>One life of a publisher: its sequence numbers start again with every incarnation.</summary>
internal readonly record struct SourceKey(NodeId Origin, ulong Incarnation)
{
    public const int SizeBytes = NodeId.SizeBytes + sizeof(ulong);

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
