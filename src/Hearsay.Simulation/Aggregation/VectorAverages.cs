using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Simulation.Aggregation;

/// <summary>A vector per node, node after node in one array, averaged by differences.</summary>
internal readonly struct VectorAverages(double[] values, int width) : IPairExchange
{
    private readonly double[] _difference = new double[width];

    public void Request(int node, int partner) =>
        AveragingKernel.Answer(Row(partner), Row(node), _difference);

    public void Answer(int node, int partner) => AveragingKernel.Apply(Row(node), _difference);

    private Span<double> Row(int node) => values.AsSpan(node * width, width);
}
