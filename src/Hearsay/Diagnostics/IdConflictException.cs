namespace Hearsay;

/// <summary>
/// The node has stopped because another node, which has run for longer, uses the same id. This happens only with
/// <see cref="IdConflictAction.Stop"/> in <see cref="GossipNodeOptions.OnIdConflict"/>, and in mode identity, where the
/// other node has the same keys.
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

    /// <summary>What to do where both nodes have the same keys.</summary>
    internal const string KeysAdvice = "Its identity file is a copy. Make keys for this node with 'hearsay keys "
        + "identity --out FILE' and a token for them with 'hearsay keys admit', and start it with these.";

    /// <summary>Of a conflict.</summary>
    /// <param name="id">The id that both have.</param>
    /// <param name="address">Where the other is.</param>
    /// <param name="isOfKeys">Whether the id is the hash of keys that both have.</param>
    internal IdConflictException(NodeId id, NodeAddress address, bool isOfKeys = false)
        : this(isOfKeys
            ? $"The node at {address} has the keys of this node (id {id}) and has run for longer, so this node "
                + $"stopped. {KeysAdvice}"
            : $"The node at {address} has run for longer under this node's id {id}, so this node stopped. "
                + "Was the data directory copied? Delete its node.json to give this node an id of its own.") =>
        (Id, Address) = (id, address);

    /// <summary>The id that both nodes have.</summary>
    public NodeId Id { get; }

    /// <summary>The address at which the other node was found.</summary>
    public NodeAddress Address { get; }
}
