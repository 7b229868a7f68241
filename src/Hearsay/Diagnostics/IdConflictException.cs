namespace Hearsay;

/// <summary>
/// The node has stopped because another one has its id and has run for longer, as
/// <see cref="GossipNodeOptions.OnIdConflict"/> wants it. <see cref="GossipNode.Completion"/> fails with it, and so
/// does everything that waits for the node or is asked of it afterwards.
/// </summary>
public sealed class IdConflictException : InvalidOperationException
{
    /// <summary>With a general message.</summary>
    public IdConflictException()
        : this("Another node has this node's id.")
    {
    }

    /// <summary>With a message.</summary>
    public IdConflictException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public IdConflictException(string message, Exception inner)
        : base(message, inner)
    {
    }

    internal IdConflictException(NodeId id, NodeAddress address)
        : this($"The node at {address} has run for longer under this node's id {id}, so this node stopped. "
            + "Was the data directory copied? Delete its node.json to give this node an id of its own.") =>
        (Id, Address) = (id, address);

    /// <summary>The id that both nodes have.</summary>
    public NodeId Id { get; }

    /// <summary>Where the other node was found.</summary>
    public NodeAddress Address { get; }
}
