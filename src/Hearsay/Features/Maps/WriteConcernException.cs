namespace Hearsay;

/// <summary>
/// When the time of a write was over, fewer nodes than were asked for were known to have it. The write stays, and
/// spreads.
/// </summary>
public sealed class WriteConcernException : TimeoutException
{
    internal WriteConcernException(int wanted, IReadOnlyList<NodeId> nodes)
        : base($"{nodes.Count} of {wanted} other nodes are known to have the write; it stays, and spreads.") =>
        (Wanted, Nodes) = (wanted, nodes);

    /// <summary>The number of other nodes that were asked for.</summary>
    public int Wanted { get; }

    /// <summary>The other nodes that are known to have the write.</summary>
    public IReadOnlyList<NodeId> Nodes { get; }
}
