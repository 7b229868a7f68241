using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation.Broadcast;

/// <summary>The traffic of all nodes together.</summary>
/// <param name="Payloads">Messages sent with their payload.</param>
/// <param name="Received">
/// Messages delivered to others than their publishers, whichever they are: a node that joins is also brought those of
/// the warm-up, and they are no copies.
/// </param>
/// <param name="Control">Frames without payload.</param>
/// <param name="ControlBytes">The bytes of their bodies.</param>
/// <param name="Bytes">The bytes of the bodies of all frames.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BroadcastSums(
    long Payloads, long Received, long Control, long ControlBytes, long Bytes)
{
    public BroadcastSums(BroadcastCounters counters)
        : this(
            counters.PayloadsSent, counters.Delivered - counters.Published, counters.ControlSent,
            counters.ControlBytesSent,
            counters.PayloadBytesSent + counters.ChunkBytesSent + counters.ControlBytesSent)
    {
    }

    public static BroadcastSums operator +(BroadcastSums left, BroadcastSums right) => new(
        left.Payloads + right.Payloads, left.Received + right.Received, left.Control + right.Control,
        left.ControlBytes + right.ControlBytes, left.Bytes + right.Bytes);

    public static BroadcastSums operator -(BroadcastSums left, BroadcastSums right) => new(
        left.Payloads - right.Payloads, left.Received - right.Received, left.Control - right.Control,
        left.ControlBytes - right.ControlBytes, left.Bytes - right.Bytes);
}
