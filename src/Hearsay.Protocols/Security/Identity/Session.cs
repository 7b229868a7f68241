using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>What a node knows of one session; its keys and windows are beside it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Session
{
    /// <summary>With whom; null if the place is free.</summary>
    public Member? Peer;

    /// <summary>This node's number of the session.</summary>
    public uint Own;

    /// <summary>The other's number of the session.</summary>
    public uint Others;

    /// <summary>Where the other receives: from where its latest datagram came; none before the first.</summary>
    public NodeAddress Address;

    /// <summary>The link of its latest packet.</summary>
    public Link Link;

    /// <summary>
    /// Whether the other is known to have its keys: it has sent a packet of it, or answered this node's handshake.
    /// </summary>
    public bool IsConfirmed;

    /// <summary>Whether a packet of the other has come: its clock is known.</summary>
    public bool HasClock;

    /// <summary>This node's clock less the other's uptime, in eighths of a second.</summary>
    public ushort Offset;

    /// <summary>The highest number of the other's datagrams.</summary>
    public uint HighestDatagram;

    /// <summary>The highest number on its streams.</summary>
    public uint HighestStream;

    /// <summary>How many datagrams this node has sent.</summary>
    public uint SentDatagrams;

    /// <summary>How many packets this node has sent on streams.</summary>
    public uint SentOnStreams;

    /// <summary>When it began.</summary>
    public Instant BegunAt;

    /// <summary>When the latest packet came.</summary>
    public Instant HeardAt;

    /// <summary>When the latest packet was sent.</summary>
    public Instant SentAt;

    /// <summary>When membership was last checked.</summary>
    public Instant CheckedAt;

    /// <summary>The first bytes of the ephemeral key of message 1, so that its repetition is noticed.</summary>
    public ulong Ephemeral;

    /// <summary>Whether the other has other revocations.</summary>
    public bool DiffersInRevocations;
}
