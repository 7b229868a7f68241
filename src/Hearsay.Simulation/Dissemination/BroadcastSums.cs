using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>The traffic of all nodes together.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BroadcastSums(long Payloads, long Control, long ControlBytes, long Bytes)
{
    public BroadcastSums(BroadcastCounters counters)
        : this(
            counters.PayloadsSent, counters.ControlSent, counters.ControlBytesSent,
            counters.PayloadBytesSent + counters.ChunkBytesSent + counters.ControlBytesSent)
    {
    }

    public static BroadcastSums operator +(BroadcastSums left, BroadcastSums right) => new(
        left.Payloads + right.Payloads, left.Control + right.Control, left.ControlBytes + right.ControlBytes,
        left.Bytes + right.Bytes);

    public static BroadcastSums operator -(BroadcastSums left, BroadcastSums right) => new(
        left.Payloads - right.Payloads, left.Control - right.Control, left.ControlBytes - right.ControlBytes,
        left.Bytes - right.Bytes);
}
