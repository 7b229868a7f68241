using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Aggregation.FlowUpdating;

/// <summary>A sticky neighbour, and what is open with it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StickyLink
{
    /// <summary>Who it is; none if the place is free.</summary>
    public Peer Peer;

    /// <summary>The number of the last exchange sent over the link.</summary>
    public uint Sent;

    /// <summary>The number of the last exchange that came over it, if any did.</summary>
    public uint Seen;

    /// <summary>Whether any did.</summary>
    public bool HasSeen;

    /// <summary>Whether the last exchange sent waits for its answer.</summary>
    public bool IsOpen;

    /// <summary>Whether it was sent: an address that does not answer is not sent everything.</summary>
    public bool IsUnderWay;

    /// <summary>Whether the neighbour answered an exchange or a probe of this node.</summary>
    public bool IsConfirmed;

    /// <summary>Whether the neighbour asked for the link and was only asked back so far.</summary>
    public bool IsProbed;

    /// <summary>Whether the neighbour, asked for the link, has asked back.</summary>
    public bool WasAskedBack;

    /// <summary>Whether the neighbour had its turn in this round of exchanges.</summary>
    public bool HadTurn;

    /// <summary>How many exchanges in a row had no answer.</summary>
    public int Unanswered;

    /// <summary>Whether the place is in use.</summary>
    public readonly bool IsUsed => !Peer.Id.IsNone;

    /// <summary>Whether the neighbour is to be exchanged with in this round.</summary>
    public readonly bool WaitsForTurn => IsUsed && !IsProbed && !HadTurn;
}
