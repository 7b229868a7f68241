namespace Hearsay.Protocols;

/// <summary>
/// A gossip protocol as a pure state machine: it gets inputs and acts on the context it is handed, and on nothing else.
/// No sockets, clocks, threads, tasks, files or global random numbers; then the same object runs live and simulated.
/// </summary>
/// <remarks>
/// Calls come one at a time and must return quickly: the node's event loop waits for them. A handler that throws is
/// counted and reported, and hurts no other protocol. Spans are valid only during the call.
/// </remarks>
public interface IProtocol
{
    /// <summary>
    /// The byte that marks this protocol's frames, unique within a node: 2 to 127 for Hearsay's own, 128 to 255 for
    /// applications.
    /// </summary>
    byte Id { get; }

    /// <summary>The node has started.</summary>
    void Start(IProtocolContext context);

    /// <summary>A frame of this protocol arrived.</summary>
    /// <param name="context">The node.</param>
    /// <param name="from">Who sent it; the address is the one it came from if the peer is not known better.</param>
    /// <param name="type">The frame's type.</param>
    /// <param name="body">The frame's body; anything at all may be in it.</param>
    void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body);

    /// <summary>The deadline armed last is due.</summary>
    /// <param name="context">The node.</param>
    /// <param name="token">The token it was armed with.</param>
    void OnDue(IProtocolContext context, long token)
    {
    }

    /// <summary>
    /// An address that <see cref="IProtocolContext.MustProve"/> named has proven that it wants to talk to this node.
    /// </summary>
    void OnProven(IProtocolContext context, in NodeAddress address)
    {
    }

    /// <summary>A peer entered or left the view or changed.</summary>
    void OnViewChange(IProtocolContext context, in ViewChange change)
    {
    }

    /// <summary>The application told the protocol something (<c>GossipNode.Post</c>).</summary>
    void OnCommand(IProtocolContext context, object command)
    {
    }

    /// <summary>The node leaves: the last chance to tell others. What is scheduled here never comes.</summary>
    void OnLeave(IProtocolContext context)
    {
    }
}
