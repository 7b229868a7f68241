using Hearsay.Protocols.Security.Origins;

namespace Hearsay.Protocols;

/// <summary>
/// A node as one of its protocols sees it: everything that the protocol may know and do. Use it only inside a handler.
/// </summary>
public interface IProtocolContext
{
    /// <summary>The instant of the input that is being handled.</summary>
    Instant Now { get; }

    /// <summary>
    /// The number of the packet that is being handled. All frames of a packet have the same number. Use it for a limit
    /// per packet and not per frame.
    /// </summary>
    long PacketNumber => 0;

    /// <summary>The random generator of this protocol, seeded by the node.</summary>
    ref SeededRandom Random { get; }

    /// <summary>This node as other nodes see it.</summary>
    Peer Self { get; }

    /// <summary>The sampler of this protocol, from which it draws peers to communicate with.</summary>
    IPeerSampler Peers { get; }

    /// <summary>
    /// The number of nodes in the network, as a protocol of this node measures it (aggregation does). It is null if no
    /// protocol measures it, or if there is no estimate yet. Use it for fanouts, depths and times that depend on the
    /// size.
    /// </summary>
    double? NetworkSize => null;

    /// <summary>
    /// Whether this node knows contacts to join through and has not joined yet. It is alone then, but it is not a
    /// network of one node.
    /// </summary>
    bool IsJoining => false;

    /// <summary>
    /// Signs and verifies what nodes pass on for others, in mode identity; null in the other modes, and for who stands
    /// in for a node in a test.
    /// </summary>
    internal OriginProofs? Proofs => null;

    /// <summary>Sends a frame, in a datagram if it fits, otherwise over a stream. The frame may be lost.</summary>
    /// <remarks>
    /// While a node handles a frame whose source address is not proven, it may send no more than one datagram, to all
    /// peers together, which is no longer than the one that came. A peer that has never answered this node gets one
    /// packet per cycle of peer sampling, four in all, from all protocols together. A packet to it of more than 160
    /// bytes waits until the peer has answered a shorter one. The node sends that shorter packet itself; the protocol
    /// has no part in it.
    /// </remarks>
    /// <param name="to">The receiver.</param>
    /// <param name="type">The frame type, in the numbering of the protocol.</param>
    /// <param name="body">At most 65,000 bytes. They are copied before the call returns.</param>
    /// <returns>
    /// False if the frame was certainly not sent: the body is too long, the peer has no address that this node can
    /// reach, the queue of the stream is full, or the frame may not be sent to this peer now.
    /// </returns>
    bool Send(in Peer to, byte type, ReadOnlySpan<byte> body);

    /// <summary>
    /// Tells the node that a peer did not answer the last frame of this protocol in time. If the peer has an address of
    /// each family, the next frame goes to the other address, unless the peer has been heard over the present address
    /// since, or the other address is known not to work. For a peer with one address nothing changes. The peer stays in
    /// the view.
    /// </summary>
    /// <param name="to">The peer that was given to <see cref="Send"/>.</param>
    void Unanswered(in Peer to)
    {
    }

    /// <summary>
    /// Returns whether a peer has answered this node recently. A packet of more than 160 bytes to any other peer waits.
    /// </summary>
    /// <param name="peer">The peer.</param>
    bool HasAnswered(in Peer peer) => true;

    /// <summary>
    /// Returns whether the frame being handled came in a datagram from an unproven address. Any node can send such a
    /// frame with a forged source. In that case the node asks the address for a proof, which takes a round trip, and
    /// calls <see cref="IProtocol.OnProven"/> when the proof arrives. Protocols whose work continues after
    /// <see cref="IProtocol.Receive"/>, where no budget applies, should begin work for a stranger only then. Call it
    /// only inside <see cref="IProtocol.Receive"/>.
    /// </summary>
    /// <param name="source">The unproven address, if the method returns true.</param>
    bool MustProve(out NodeAddress source)
    {
        source = default;
        return false;
    }

    /// <summary>
    /// Answers the frame being handled, over the link on which it came. Call it only inside
    /// <see cref="IProtocol.Receive"/>. All answers to one datagram are sent together, after it has been handled. They
    /// may not be longer than the datagram, because its source address may be forged.
    /// </summary>
    /// <param name="type">The frame type, in the numbering of the protocol.</param>
    /// <param name="body">The body. It is copied before the call returns.</param>
    /// <returns>False if there is nothing to answer, or the answer is too long.</returns>
    bool Reply(byte type, ReadOnlySpan<byte> body);

    /// <summary>
    /// Answers the frame being handled to an address that the frame contains. Call it only inside
    /// <see cref="IProtocol.Receive"/>. The answer counts like one of <see cref="Reply"/>. If the address is not the
    /// source, only one such answer is sent per datagram, and only if there is no other.
    /// </summary>
    /// <param name="to">The receiver, as the frame names it.</param>
    /// <param name="type">The frame type, in the numbering of the protocol.</param>
    /// <param name="body">The body. It is copied before the call returns.</param>
    /// <returns>As for <see cref="Send"/>. Also false if there is no room for the answer.</returns>
    bool ReplyTo(in Peer to, byte type, ReadOnlySpan<byte> body) => Send(to, type, body);

    /// <summary>
    /// Sets the one deadline of this protocol, in place of the one set before. A protocol that waits for several things
    /// keeps its own bounded queue and sets the earliest deadline.
    /// </summary>
    /// <param name="delay">
    /// The time from now. With zero or less, the deadline comes as soon as this input has been handled.
    /// </param>
    /// <param name="token">A value that <see cref="IProtocol.OnDue"/> gets with the deadline.</param>
    void Schedule(TimeSpan delay, long token);

    /// <summary>Passes an event to the application.</summary>
    /// <param name="happened">The event. Do not change it afterwards.</param>
    void Publish(object happened);
}
