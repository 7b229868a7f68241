using System.Runtime.InteropServices;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>A packet that waits for a session, or may have to be sent again because its receiver lost one.</summary>
/// <param name="Session">This node's number of the session, which may be to come; 0 if the place is free.</param>
/// <param name="Number">The number under which it was sent; 0 if it waits.</param>
/// <param name="To">Where it goes.</param>
/// <param name="At">When it was written.</param>
/// <param name="Buffer">Its frames, rented.</param>
/// <param name="Length">Their length.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WaitingPacket(
    uint Session, uint Number, Link To, Instant At, byte[] Buffer, int Length)
{
    /// <summary>The frames.</summary>
    public ReadOnlySpan<byte> Frames => Buffer.AsSpan(0, Length);
}
