using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>One place in a <see cref="PeerTable"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PeerEntry
{
    /// <summary>Who is here.</summary>
    public PeerInfo Info;

    /// <summary>Raised when the place is given to another peer; 1 to 65,534 once used.</summary>
    public ushort Generation;

    /// <summary>How many hold the handle.</summary>
    public ushort Pins;

    /// <summary>Whether the peer was met since the hand last passed.</summary>
    public bool Referenced;
}
