using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>What a <see cref="PeerTable"/> looks at most often of one of its places: eight bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PeerMark
{
    /// <summary>Raised when the place is given to another peer; 1 to 65,534 once used.</summary>
    public ushort Generation;

    /// <summary>How many hold the handle.</summary>
    public ushort Pins;

    /// <summary>The length of the peer's metadata; -1 if it is not known.</summary>
    public short MetadataBytes;

    /// <summary>The bytes of the peer's descriptor without metadata.</summary>
    public byte DescriptorBytes;

    /// <summary>Whether the peer was met since the hand last passed.</summary>
    public bool Referenced;
}
