using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Security;

/// <summary>What was sent to a node that may not know this node's boot yet.</summary>
/// <param name="Boot">The boot under which it was sent; zero if the place is free.</param>
/// <param name="Number">Its number.</param>
/// <param name="To">Where it went.</param>
/// <param name="Receiver">Whom it was for; none if it was for whoever lives there.</param>
/// <param name="At">When it was sent.</param>
/// <param name="Buffer">Its frames, rented.</param>
/// <param name="Length">Their length.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SentRecord(
    UInt128 Boot, uint Number, Link To, NodeId Receiver, Instant At, byte[] Buffer, int Length)
{
    /// <summary>The frames.</summary>
    public ReadOnlySpan<byte> Frames => Buffer.AsSpan(0, Length);
}
