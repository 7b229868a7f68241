namespace Hearsay.Protocols.Node.Peers;

/// <summary>The families in which a node can have an address.</summary>
[Flags]
internal enum AddressFamilies : byte
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>IPv4.</summary>
    IPv4 = 1,

    /// <summary>IPv6.</summary>
    IPv6 = 2,

    /// <summary>Both.</summary>
    Both = IPv4 | IPv6,
}
