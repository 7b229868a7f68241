using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Traces;

/// <summary>A packet that was sent, until it is known what becomes of it.</summary>
/// <param name="At">When.</param>
/// <param name="From">Who sent it.</param>
/// <param name="To">Whom it was sent to; -1 if nobody is at the address.</param>
/// <param name="Kind">What it carries.</param>
/// <param name="Bytes">Its length.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SentPacket(Instant At, int From, int To, int Kind, int Bytes)
{
    /// <summary>When it comes; null if it is lost.</summary>
    public Instant? Arrives { get; init; }
}
