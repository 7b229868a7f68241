using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>What a stream cost.</summary>
/// <param name="Messages">Messages published.</param>
/// <param name="Deliveries">Times that one reached another node.</param>
/// <param name="Missed">Deliveries that subscribers were told they missed.</param>
/// <param name="Seconds">From the first message until the last delivery.</param>
/// <param name="CpuMicroseconds">CPU of this process for a delivery.</param>
/// <param name="Packets">Packets sent for a delivery; not a number if nobody counted.</param>
/// <param name="AllocatedBytes">Bytes allocated for a delivery.</param>
internal sealed record StreamCost(
    long Messages, long Deliveries, long Missed, double Seconds, double CpuMicroseconds, double Packets,
    double AllocatedBytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Messages / Seconds,8:0} messages/s, {Deliveries / Seconds,9:0} deliveries/s, {CpuMicroseconds,5:0.0} us, "
        + $"{Packets:0.00} packets, {AllocatedBytes:0} B allocated a delivery, {Missed} missed");
}
