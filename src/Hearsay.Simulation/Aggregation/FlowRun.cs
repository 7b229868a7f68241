using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation.Aggregation;

/// <summary>Pairwise flow updating of very many nodes over stable neighbours, cycle by cycle.</summary>
/// <remarks>Runs on the caller's thread. The same seed gives the same numbers.</remarks>
internal sealed class FlowRun(NeighbourGraph graph, double[] values, double loss, ulong seed)
{
    private const ulong Purpose = 0x464C_4F57;

    private readonly double[] _values = (double[])values.Clone();
    private readonly double[] _estimates = (double[])values.Clone();
    private readonly double[] _flows = new double[graph.Neighbours.Length];

    /// <summary>Who takes part: all.</summary>
    public Population Population { get; } = new(graph.NodeCount);

    /// <summary>Cycles run so far.</summary>
    public int Cycle { get; private set; }

    /// <summary>A node's value changes; the protocol goes on.</summary>
    public void Change(int node, double value)
    {
        _estimates[node] += value - _values[node];
        _values[node] = value;
    }

    /// <summary>Runs a cycle: every node contacts one of its neighbours.</summary>
    public void Step()
    {
        var random = SeededRandom.For(seed, 0, (ulong)++Cycle, Purpose);
        var order = new NodeOrder(seed, Cycle, graph.NodeCount);
        for (var turn = 0; turn < graph.NodeCount; turn++)
        {
            var node = order.Next();
            var (first, end) = graph.EdgesOf(node);
            if (first == end)
            {
                continue;
            }

            var edge = first + random.Below(end - first);
            var (other, back) = (graph.Neighbours[edge], graph.Reverse[edge]);
            if (random.NextDouble() < loss)
            {
                continue;
            }

            FlowKernel.Receive(ref _flows[back], ref _estimates[other], _flows[edge], _estimates[node]);
            if (random.NextDouble() >= loss)
            {
                FlowKernel.Adopt(ref _flows[edge], ref _estimates[node], _flows[back]);
            }
        }
    }

    /// <summary>Mean, variance and largest error of the estimates.</summary>
    public EstimateSpread Measure(double truth) =>
        EstimateSpread.Of(Population, truth, node => _estimates[node]);
}
