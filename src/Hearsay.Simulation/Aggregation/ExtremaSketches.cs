using Hearsay.Protocols.Aggregation.Sketches;

namespace Hearsay.Simulation.Aggregation;

/// <summary>K minima per node, node after node in one array; an exchange leaves both with the smaller ones.</summary>
internal readonly struct ExtremaSketches(double[] minima, int width) : ISketches
{
    public void Request(int node, int partner) => ExtremaKernel.Merge(Row(partner), Row(node));

    public void Answer(int node, int partner) => ExtremaKernel.Merge(Row(node), Row(partner));

    public bool AreSame(int one, int other) => Row(one).SequenceEqual(Row(other));

    public double Estimate(int row) => ExtremaKernel.Estimate(Row(row));

    /// <summary>The minima of a row.</summary>
    public Span<double> Row(int node) => minima.AsSpan(node * width, width);
}
