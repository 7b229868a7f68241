namespace Hearsay;

/// <summary>
/// The node has stopped because another node, which has run for longer, uses the same id. This happens only with
/// <see cref="IdConflictAction.Stop"/> in <see cref="GossipNodeOptions.OnIdConflict"/>.
/// <see cref="GossipNode.Completion"/> fails with this exception. Every pending or later call to the node fails with an
/// <see cref="ObjectDisposedException"/> that has it as <see cref="Exception.InnerException"/>.
/// </summary>
public sealed class IdConflictException : HearsayException
{
    /// <summary>Creates the exception with a general message.</summary>
    public IdConflictException()
        : this("Another node has this node's id.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What happened.</param>
    public IdConflictException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public IdConflictException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal IdConflictException(NodeId id, NodeAddress address)
        : this($"The node at {address} has run for longer under this node's id {id}, so this node stopped. "
            + "Was the data directory copied? Delete its node.json to give this node an id of its own.") =>
        (Id, Address) = (id, address);

    /// <summary>The id that both nodes have.</summary>
    public NodeId Id { get; }

    /// <summary>The address at which the other node was found.</summary>
    public NodeAddress Address { get; }
}
