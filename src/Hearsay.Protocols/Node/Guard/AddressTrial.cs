using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Node.Guard;

/// <summary>An address that has not answered yet, and what it was sent.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct AddressTrial
{
    /// <summary>Which address.</summary>
    public NodeAddress Address;

    /// <summary>The number it must send back; nobody else was ever sent it.</summary>
    public ulong Token;

    /// <summary>When it was last sent something.</summary>
    public Instant TriedAt;

    /// <summary>How often it was.</summary>
    public int Tries;

    /// <summary>The length of the last datagram that came from it, if nothing was sent for that yet.</summary>
    public int HeardBytes;
}
