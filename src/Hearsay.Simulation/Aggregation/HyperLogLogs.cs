using Hearsay.Protocols.Aggregation.Sketches;

namespace Hearsay.Simulation.Aggregation;

/// <summary>A HyperLogLog per node, node after node in one array; an exchange leaves both with the union.</summary>
internal readonly struct HyperLogLogs(byte[] registers, int width) : ISketches
{
    public void Request(int node, int partner) => HyperLogLog.Merge(Row(partner), Row(node));

    public void Answer(int node, int partner) => HyperLogLog.Merge(Row(node), Row(partner));

    public bool AreSame(int one, int other) => Row(one).SequenceEqual(Row(other));

    public double Estimate(int row) => HyperLogLog.Estimate(Row(row));

    /// <summary>The registers of a row.</summary>
    public Span<byte> Row(int node) => registers.AsSpan(node * width, width);
}
