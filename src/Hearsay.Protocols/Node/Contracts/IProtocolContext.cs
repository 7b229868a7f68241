namespace Hearsay.Protocols;

/// <summary>
/// A node as one of its protocols sees it: all it may know of the world and all it may do to it. Use it only inside a
/// handler.
/// </summary>
public interface IProtocolContext
{
    /// <summary>The moment of the input being handled.</summary>
    Instant Now { get; }

    /// <summary>
    /// The number of the packet being handled: the frames of one packet have the same. For what is bounded for each
    /// packet and not for each frame.
    /// </summary>
    long PacketNumber => 0;

    /// <summary>This protocol's own random stream, seeded by the node.</summary>
    ref SeededRandom Random { get; }

    /// <summary>This node as others see it.</summary>
    Peer Self { get; }

    /// <summary>This protocol's own sampler: someone to talk to.</summary>
    IPeerSampler Peers { get; }

    /// <summary>
    /// How many nodes there are, as a protocol of this node measures it (aggregation does); null if none does, or none
    /// has an estimate yet. For fanouts, depths and times that depend on it.
    /// </summary>
    double? NetworkSize => null;

    /// <summary>
    /// Whether this node knows contacts to join through and was not let in yet: it is alone, but not a network of one.
    /// </summary>
    bool IsJoining => false;

    /// <summary>Sends a frame: in a datagram if it fits, else over a stream. It may be lost.</summary>
    /// <remarks>
    /// While a frame is handled whose source has not proven that it lives there, all that is sent, to whomever, may not
    /// be more than one datagram as long as the one that came. A peer that never answered this node gets one packet a
    /// cycle of peer sampling, four in all, from all protocols together; one of more than 160 bytes waits until it has
    /// answered a shorter one, which is made and answered without the protocol.
    /// </remarks>
    /// <param name="to">To whom.</param>
    /// <param name="type">The protocol's own frame type.</param>
    /// <param name="body">At most 65,000 bytes; copied before the call returns.</param>
    /// <returns>
    /// False if it was surely not sent: the body is too long, the peer has no address this node can reach, or the queue
    /// of the stream is full, or it may not be sent this now.
    /// </returns>
    bool Send(in Peer to, byte type, ReadOnlySpan<byte> body);

    /// <summary>
    /// Tells the node that a peer did not answer in time what this protocol sent it last. Of a peer with an address of
    /// each family the next frame then goes to the other one, unless the peer was heard over this one since or the
    /// other is known to lead nowhere. Changes nothing for a peer with one address; the peer stays where it is.
    /// </summary>
    /// <param name="to">The peer as it was given to <see cref="Send"/>.</param>
    void Unanswered(in Peer to)
    {
    }

    /// <summary>
    /// Whether a peer has answered this node lately. To one that has not, a packet of more than 160 bytes waits.
    /// </summary>
    bool HasAnswered(in Peer peer) => true;

    /// <summary>
    /// Whether the frame being handled came in a datagram from an address that has not proven that somebody lives there
    /// who wants to talk to this node, so that a few bytes may have any sender. If so the address is asked for a proof
    /// (a round trip), and when it comes <see cref="IProtocol.OnProven"/> is told. For protocols whose work goes on
    /// after <see cref="IProtocol.Receive"/>, where no budget holds: what one frame of a stranger sets off is best
    /// begun then. Only inside <see cref="IProtocol.Receive"/>.
    /// </summary>
    /// <param name="source">The address, if so.</param>
    bool MustProve(out NodeAddress source)
    {
        source = default;
        return false;
    }

    /// <summary>
    /// Answers the frame being handled on the way it came, only inside <see cref="IProtocol.Receive"/>. All answers to
    /// one datagram go out together as one, when it has been handled, and may not be longer than it was, because its
    /// source address may be forged.
    /// </summary>
    /// <returns>False if there is nothing to answer or the answer is too long.</returns>
    bool Reply(byte type, ReadOnlySpan<byte> body);

    /// <summary>
    /// Answers the frame being handled to an address that it names, only inside <see cref="IProtocol.Receive"/>. It
    /// counts as <see cref="Reply"/> does; where the address is not the source, only one such answer is sent to a
    /// datagram, and only if there is no other.
    /// </summary>
    /// <returns>As <see cref="Send"/>; false also if there is no room for the answer.</returns>
    bool ReplyTo(in Peer to, byte type, ReadOnlySpan<byte> body) => Send(to, type, body);

    /// <summary>
    /// Arms this protocol's one deadline, in place of the one armed before. A protocol with several things to wait for
    /// keeps its own bounded queue and arms the earliest.
    /// </summary>
    /// <param name="delay">From now; zero or less means as soon as this input is done.</param>
    /// <param name="token">Comes back with the deadline.</param>
    void Schedule(TimeSpan delay, long token);

    /// <summary>Hands an event to the application.</summary>
    void Publish(object happened);
}
