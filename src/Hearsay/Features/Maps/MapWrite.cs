namespace Hearsay;

/// <summary>The outcome of a write to a map. Immutable.</summary>
public sealed record MapWrite
{
    internal MapWrite(bool isChanged, IReadOnlyList<NodeId> nodes) => (IsChanged, Nodes) = (isChanged, nodes);

    /// <summary>Whether the map changed. A removal of something that is not there changes nothing.</summary>
    public bool IsChanged { get; }

    /// <summary>
    /// The other nodes that are known to have the write, as many as the <see cref="WriteConcern"/> asked for.
    /// </summary>
    public IReadOnlyList<NodeId> Nodes { get; }
}
