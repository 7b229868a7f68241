using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// The frames of the neighbours protocol (protocol byte 2), HyParView over datagrams.
/// <code>
///   A                                              B
///   |-- Ask: nonce, B's id, priority, A ---------->|  a low priority needs a free slot, else
///   |&lt;- Refuse: nonce, hint -----------------------|  (A keeps B as a spare), otherwise
///   |&lt;- Accept: nonce, link -----------------------|  to the address A gave; B keeps nothing yet
///   |   A holds a slot                             |
///   |-- Confirm: link, nonce, priority, stamp,     |
///   |            A, hint ------------------------->|  A has that address: B links up, dropping one if it must
///   |&lt;- Pong: link, stamp -------------------------|
///   |   A links up                                 |
///   |                                              |
///   |-- Ping: link, stamp ------------------------>|  after a silence; what else comes counts as a sign of life
///   |&lt;- Pong: link, stamp -------------------------|
///   |-- Disconnect: link, reason, hint ----------->|  only the link it names goes
///   |
///   |-- ForwardJoin: link, hops, newcomer ----> ... walks; where it ends, an Ask of high priority to the newcomer
///   |-- Shuffle: link, hops, nonce, A, peers -> ... walks; where it ends:
///   |&lt;- ShuffleReply: nonce, peers ----------- (straight back, as many peers as came)
/// </code>
/// <para>The link number is what B computes from its secret, the time, A, A's address and the nonce: B keeps no state
/// for somebody whose address is not proven, and every renewal has a number of its own, so that an old Disconnect or
/// Confirm does not touch a newer link. Whoever speaks over a link that the other side does not know gets a Disconnect:
/// one-sided links last one heartbeat.</para>
/// <para>A hint is a descriptor at the end of a message, left out where there is none: somebody who has a free slot
/// too, and whom to ask first. Whoever drops a neighbour for a link says so in the Confirm; whoever is dropped at the
/// other end is told, and the two left over link up. So degrees stay as they are, and full nodes bring those together
/// that are short.</para>
/// <para>Peers are descriptors without metadata, behind a count of one byte. What makes its receiver ask somebody is at
/// least as long as an Ask, and a ShuffleReply is at most as long as the Shuffle: an address that a message names gets
/// one datagram for it, and no more bytes than came.</para>
/// </summary>
/// <remarks>Source: Leitão, Pereira, Rodrigues, DSN 2007; the handshake, the link numbers and the heartbeats replace
/// the paper's connections.</remarks>
internal static class NeighbourMessage
{
    /// <summary>The protocol byte.</summary>
    public const byte Protocol = 2;

    /// <summary>
    /// Nonce 8, expected id 16, priority 1, the asker's descriptor; from a neighbour that moved the number of the link
    /// that this one replaces, 8; zeros.
    /// </summary>
    public const byte Ask = 1;

    /// <summary>Nonce 8, link 8.</summary>
    public const byte Accept = 2;

    /// <summary>Nonce 8, hint.</summary>
    public const byte Refuse = 3;

    /// <summary>Link 8, nonce 8, priority 1, stamp 4, the asker's descriptor, hint.</summary>
    public const byte Confirm = 4;

    /// <summary>Link 8, reason 1: 0 the sender leaves, 1 it lives on; hint.</summary>
    public const byte Disconnect = 5;

    /// <summary>Link 8, stamp 4.</summary>
    public const byte Ping = 6;

    /// <summary>Link 8, stamp 4 as it came.</summary>
    public const byte Pong = 7;

    /// <summary>Link 8, hops left 1, the newcomer's descriptor, zeros.</summary>
    public const byte ForwardJoin = 8;

    /// <summary>Link 8, hops left 1, nonce 8, the origin's descriptor, count 1, descriptors.</summary>
    public const byte Shuffle = 9;

    /// <summary>Nonce 8, count 1, descriptors.</summary>
    public const byte ShuffleReply = 10;

    /// <summary>The most peers in one message, the origin not counted.</summary>
    public const int MaximumPeers = (2 * NeighbourOptions.MaximumShuffle) + 1;

    /// <summary>Room for every body: 18 descriptors of two addresses and the fields before them.</summary>
    public const int MaximumBytes = 1024;

    /// <summary>
    /// The length of every Ask, the longest there is, and the least of what makes its receiver ask somebody it names:
    /// nobody can make a node send more than it received.
    /// </summary>
    public const int AskBytes = 8 + NodeId.SizeBytes + 1 + LongestPeer + sizeof(ulong);

    /// <summary>A peer with two addresses.</summary>
    private const int LongestPeer = 1 + 27 + 6 + 18;

    /// <summary>Makes a message as long as an Ask, if it is shorter.</summary>
    public static void Pad(ref WireWriter writer) => writer.WriteZeros(Math.Max(0, AskBytes - writer.Position));

    /// <summary>Writes a peer as the descriptor it travels in.</summary>
    public static void Write(ref WireWriter writer, in Peer peer)
    {
        var presence = peer.HasMetadata && peer.Metadata.IsEmpty ? MetadataPresence.None : MetadataPresence.Omitted;
        new Descriptor(peer.Id, peer.Incarnation, 0, peer.Addresses, presence, default).Write(ref writer);
    }

    /// <summary>Writes a hint, if there is one.</summary>
    public static void WriteHint(ref WireWriter writer, in Peer hint)
    {
        if (!hint.Id.IsNone)
        {
            Write(ref writer, hint);
            Pad(ref writer);
        }
    }

    /// <summary>Reads a hint.</summary>
    /// <returns>False if there is none, or none that makes sense.</returns>
    public static bool TryReadHint(ref WireReader reader, out Peer hint)
    {
        hint = default;
        return !reader.Rest.IsEmpty && TryRead(ref reader, out hint);
    }

    /// <summary>Reads a peer; its metadata is not kept.</summary>
    /// <returns>False if the descriptor is malformed.</returns>
    public static bool TryRead(ref WireReader reader, out Peer peer)
    {
        var sound = Descriptor.TryRead(ref reader, out var d);
        peer = new Peer(d.Id, d.Addresses, d.Incarnation, 0, d.Presence == MetadataPresence.None ? [] : null);
        return sound;
    }
}
