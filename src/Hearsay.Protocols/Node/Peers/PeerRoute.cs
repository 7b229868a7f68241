using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Node.Peers;

/// <summary>Which of its two addresses one peer was heard over.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PeerRoute
{
    /// <summary>Who; none where the place is free.</summary>
    public NodeId Id;

    /// <summary>Where it was reached when this was learnt: who moves begins anew.</summary>
    public NodeAddresses Addresses;

    /// <summary>When this was last written, in writes of the table.</summary>
    public uint WrittenAt;

    /// <summary>Over which family it was heard last.</summary>
    public AddressFamilies Heard;

    /// <summary>Over which families it was asked in vain since; none again once it was asked over both.</summary>
    public AddressFamilies Silent;

    /// <summary>Over which families it was asked in vain since, whatever came between.</summary>
    public AddressFamilies Vain;

    /// <summary>Over which family it was asked in vain when it was heard over the other.</summary>
    public AddressFamilies Dead;

    /// <summary>Over which family something was sent to it last, if it was not heard over that one since.</summary>
    public AddressFamilies Asked;
}
