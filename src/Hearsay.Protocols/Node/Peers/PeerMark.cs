using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Node.Peers;

/// <summary>
/// What a <see cref="PeerTable"/> looks at often, apart from what it knows of a peer: eight bytes, so that those of a
/// whole view are a few cache lines.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct PeerMark
{
    /// <summary>In place of a length: the metadata is not known.</summary>
    public const ushort Unknown = ushort.MaxValue;

    /// <summary>Raised when the place is given to another peer; 1 to 65,534 once used.</summary>
    public ushort Generation;

    /// <summary>How many hold the handle.</summary>
    public ushort Pins;

    /// <summary>The length of the peer's metadata, or <see cref="Unknown"/>.</summary>
    public ushort MetadataBytes;

    /// <summary>The length of its descriptor on the wire without metadata.</summary>
    public byte DescriptorBytes;

    /// <summary>Whether the peer was met since the hand last passed.</summary>
    public bool Referenced;
}
