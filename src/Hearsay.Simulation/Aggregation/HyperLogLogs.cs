using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>A HyperLogLog per node, node after node in one array; an exchange leaves both with the union.</summary>
internal readonly struct HyperLogLogs(byte[] registers, int width) : IPairExchange
{
    public void Request(int node, int partner) => HyperLogLog.Merge(Row(partner), Row(node));

    public void Answer(int node, int partner) => HyperLogLog.Merge(Row(node), Row(partner));

    public Span<byte> Row(int node) => registers.AsSpan(node * width, width);
}
