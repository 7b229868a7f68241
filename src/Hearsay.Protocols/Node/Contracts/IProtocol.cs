namespace Hearsay.Protocols;

/// <summary>
/// A gossip protocol as a pure state machine. It receives inputs and acts only on the context that it is given. It uses
/// no sockets, clocks, threads, tasks, files or global random numbers. So the same object runs live and simulated.
/// </summary>
/// <remarks>
/// Calls come one at a time. They must return quickly, since the node's event loop waits for them. If a handler throws,
/// the node counts and reports that, and other protocols are not affected. Spans are valid only during the call.
/// </remarks>
public interface IProtocol
{
    /// <summary>
    /// The byte that marks the frames of this protocol. It is unique within a node: 2 to 127 for Hearsay's own
    /// protocols, 128 to 255 for those of applications.
    /// </summary>
    byte Id { get; }

    /// <summary>Handles the start of the node.</summary>
    /// <param name="context">The node.</param>
    void Start(IProtocolContext context);

    /// <summary>Handles a frame of this protocol.</summary>
    /// <param name="context">The node.</param>
    /// <param name="from">
    /// The sender. If the peer is not known better, its address is the one from which the frame came.
    /// </param>
    /// <param name="type">The type of the frame.</param>
    /// <param name="body">The body of the frame, valid only during the call. It may be anything at all.</param>
    void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body);

    /// <summary>Handles the deadline that was scheduled last.</summary>
    /// <param name="context">The node.</param>
    /// <param name="token">The token with which the deadline was scheduled.</param>
    void OnDue(IProtocolContext context, long token)
    {
    }

    /// <summary>
    /// Handles a proof: an address that <see cref="IProtocolContext.MustProve"/> returned has proven that it wants to
    /// communicate with this node.
    /// </summary>
    /// <param name="context">The node.</param>
    /// <param name="address">The address that is proven now.</param>
    void OnProven(IProtocolContext context, in NodeAddress address)
    {
    }

    /// <summary>Handles a change of the view: a peer entered it, left it or changed.</summary>
    /// <param name="context">The node.</param>
    /// <param name="change">The change.</param>
    void OnViewChange(IProtocolContext context, in ViewChange change)
    {
    }

    /// <summary>Handles a command of the application (<c>GossipNode.Post</c>).</summary>
    /// <param name="context">The node.</param>
    /// <param name="command">The command, as the application gave it.</param>
    void OnCommand(IProtocolContext context, object command)
    {
    }

    /// <summary>
    /// Handles the end of the node. This is the last chance to send something. Deadlines scheduled here never come.
    /// </summary>
    /// <param name="context">The node.</param>
    void OnLeave(IProtocolContext context)
    {
    }
}
