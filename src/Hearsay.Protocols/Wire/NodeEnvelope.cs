namespace Hearsay.Protocols.Wire;

/// <summary>
/// The layer between a node and its transport, as one node owns it: it closes packets that are sent, and opens those
/// that come. Protocols know nothing of it, and find the same room in it whatever the mode.
/// </summary>
/// <remarks>
/// A packet is written behind <see cref="HeadBytes"/> of room and sealed where it is. There is no tail: what
/// authenticates a packet is in its head. Until then the head holds the id of the receiver
/// (<see cref="Address(Span{byte}, NodeId)"/>), so that packets may wait anywhere before they are sealed.
/// </remarks>
internal abstract class NodeEnvelope
{
    /// <summary>The longest head of all modes, in bytes.</summary>
    public const int LongestHeadBytes = 64;

    /// <summary>
    /// The longest datagram of all modes, in bytes. It fits the smallest link of IPv6 (1,280) without fragmentation.
    /// </summary>
    public const int LongestDatagramBytes = LongestHeadBytes + Envelope.DatagramRoomBytes;

    /// <summary>The longest message on a stream of all modes, in bytes.</summary>
    public const int LongestStreamBytes = LongestHeadBytes + Envelope.StreamRoomBytes;

    /// <summary>The bytes before the first frame, at least 32.</summary>
    public abstract int HeadBytes { get; }

    /// <summary>The maximum length of a datagram, in bytes.</summary>
    public int MaximumDatagramBytes => HeadBytes + Envelope.DatagramRoomBytes;

    /// <summary>The maximum length of a message on a stream, in bytes.</summary>
    public int MaximumStreamBytes => HeadBytes + Envelope.StreamRoomBytes;

    /// <summary>The maximum length of a packet on a kind of link, in bytes.</summary>
    public int MaximumBytes(LinkKind kind) =>
        kind == LinkKind.Datagram ? MaximumDatagramBytes : MaximumStreamBytes;

    /// <summary>No datagram is shorter, in bytes: one that would be is padded.</summary>
    public virtual int LeastDatagramBytes => 0;

    /// <summary>
    /// An address that the packet opened last has proven: what was sent there, and nowhere else, came back. None if it
    /// has proven none.
    /// </summary>
    public virtual NodeAddress Proven => default;

    /// <summary>Whether the sender of a packet has proven who it is: a member cannot speak for another.</summary>
    public virtual bool ProvesSenders => false;

    /// <summary>
    /// Whether the packet that was sealed last is kept, and goes out once its receiver has been met.
    /// </summary>
    public virtual bool IsHolding => false;

    /// <summary>Senders that were asked to prove that they are there.</summary>
    public long Challenges { get; protected set; }

    /// <summary>Packets that were sent again because their receiver asked for that proof.</summary>
    public long ChallengesAnswered { get; protected set; }

    /// <summary>What it has counted of those that it met; nothing in mode open.</summary>
    public virtual SessionCounts SessionCounts => default;

    /// <summary>The bytes of the arrays in which it keeps what it knows of others.</summary>
    public virtual long StateBytes => 0;

    /// <summary>Who lives at an address, as its authentic packets of late say; none if that is not known.</summary>
    public virtual NodeId ResidentOf(in NodeAddress address, Instant now) => NodeId.None;

    /// <summary>Who a node has proven to be; null if it has not, or the mode knows no such proof.</summary>
    public virtual PeerIdentity? IdentityOf(NodeId id) => null;

    /// <summary>How often what <see cref="IdentityOf"/> says has changed.</summary>
    public virtual long IdentityChanges => 0;

    /// <summary>Whether a node has proven lately who it is, so that what it says of itself is known.</summary>
    public virtual bool IsMet(NodeId id, Instant now) => false;

    /// <summary>The packet that was opened last, for who watches a node.</summary>
    /// <returns>False if the last one was not opened.</returns>
    public virtual bool TryGetLast(out OpenedPacket opened)
    {
        opened = default;
        return false;
    }

    /// <summary>Says whom a packet that is being written is for.</summary>
    /// <param name="packet">The packet, or the beginning of it.</param>
    /// <param name="receiver">The receiver; none if it is whoever lives at an address.</param>
    public static void Address(Span<byte> packet, NodeId receiver) => receiver.Write(packet);

    /// <summary>Whom a packet that is not sealed yet is for.</summary>
    public static NodeId ReceiverOf(ReadOnlySpan<byte> packet) => NodeId.Read(packet);

    /// <summary>Seals a packet whose frames are written and whose receiver is named in its head.</summary>
    /// <param name="packet">The packet; changed.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="sender">This node.</param>
    /// <param name="now">The present moment.</param>
    /// <returns>What is to be sent, valid until the next call; empty if nothing may be sent.</returns>
    public abstract ReadOnlySpan<byte> Seal(Span<byte> packet, in Link to, NodeId sender, Instant now);

    /// <summary>Opens a packet that has arrived.</summary>
    /// <param name="packet">The packet. It may be anything at all.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="self">This node.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="opened">What it holds.</param>
    /// <param name="refused">Why it is refused; <see cref="DropReason.None"/> if it is not.</param>
    /// <returns>
    /// Whether the frames may be read. If not, and it is not refused either, it was for the envelope itself.
    /// </returns>
    public abstract bool TryOpen(
        ReadOnlySpan<byte> packet,
        in Link from,
        NodeId self,
        Instant now,
        out OpenedPacket opened,
        out DropReason refused);

    /// <summary>Takes what the envelope itself sends because of the packet that was opened last.</summary>
    /// <param name="to">Where it goes.</param>
    /// <param name="packet">The packet, valid until the next call.</param>
    /// <returns>False if there is nothing left.</returns>
    public virtual bool TryTakeOwn(out Link to, out ReadOnlySpan<byte> packet)
    {
        to = default;
        packet = default;
        return false;
    }
}
