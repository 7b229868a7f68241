using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>K minima per node, node after node in one array; an exchange leaves both with the smaller ones.</summary>
internal readonly struct ExtremaSketches(double[] minima, int width) : IPairExchange
{
    public void Request(int node, int partner) => ExtremaKernel.Merge(Row(partner), Row(node));

    public void Answer(int node, int partner) => ExtremaKernel.Merge(Row(node), Row(partner));

    public Span<double> Row(int node) => minima.AsSpan(node * width, width);
}
