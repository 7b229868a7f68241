using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.PushSum;

namespace Hearsay.Simulation.Aggregation;

/// <summary>Push-sum by running sums of very many nodes over a few fixed edges each, in synchronous rounds.</summary>
/// <remarks>Runs on the caller's thread. The same seed gives the same numbers.</remarks>
internal sealed class RunningSumRun
{
    private const ulong Purpose = 0x5255_4E53;

    private readonly double _loss;
    private readonly ulong _seed;
    private readonly int _edgesPerNode;
    private readonly double[] _values;
    private readonly double[] _sums;
    private readonly double[] _weights;
    private readonly int[] _targets;
    private readonly RunningEdge[] _edges;
    private readonly int[] _used;

    public RunningSumRun(double[] values, int edgesPerNode, double loss, ulong seed)
    {
        (_loss, _seed, _edgesPerNode) = (loss, seed, edgesPerNode);
        (_values, _sums) = ((double[])values.Clone(), (double[])values.Clone());
        _weights = [.. Enumerable.Repeat(1.0, values.Length)];
        _targets = new int[values.Length * edgesPerNode];
        _edges = new RunningEdge[_targets.Length];
        _used = new int[values.Length];
        Population = new Population(values.Length);
        FillTargets(values.Length);
    }

    /// <summary>Who takes part: all.</summary>
    public Population Population { get; }

    /// <summary>Rounds run so far.</summary>
    public int Cycle { get; private set; }

    /// <summary>A node's value changes; the difference joins what it holds.</summary>
    public void Change(int node, double value)
    {
        _sums[node] += value - _values[node];
        _values[node] = value;
    }

    /// <summary>Runs a round: every node sends over one of its edges.</summary>
    public void Step()
    {
        var random = SeededRandom.For(_seed, 0, (ulong)++Cycle, Purpose);
        for (var node = 0; node < _values.Length; node++)
        {
            _used[node] = (node * _edgesPerNode) + random.Below(_edgesPerNode);
            ref var edge = ref _edges[_used[node]];
            RunningSumKernel.Send(ref _sums[node], ref edge.Sum);
            RunningSumKernel.Send(ref _weights[node], ref edge.Weight);
        }

        foreach (var used in _used)
        {
            if (random.NextDouble() >= _loss)
            {
                ref var edge = ref _edges[used];
                RunningSumKernel.Receive(ref _sums[_targets[used]], ref edge.SeenSum, edge.Sum);
                RunningSumKernel.Receive(ref _weights[_targets[used]], ref edge.SeenWeight, edge.Weight);
            }
        }
    }

    /// <summary>Mean, variance and largest error of the estimates.</summary>
    public EstimateSpread Measure(double truth) => EstimateSpread.Of(
        Population, truth, node => PushSumKernel.Estimate(_sums[node], _weights[node]));

    /// <summary>
    /// Every edge of a node belongs to a ring of its own through all nodes in random order. So everybody is sent to by
    /// as many as it sends to; whoever nobody sends to would halve its weight to nothing.
    /// </summary>
    private void FillTargets(int nodes)
    {
        var random = SeededRandom.For(_seed, 0, 0, Purpose);
        int[] ring = [.. Enumerable.Range(0, nodes)];
        for (var edge = 0; edge < _edgesPerNode; edge++)
        {
            random.Shuffle(ring.AsSpan());
            for (var i = 0; i < nodes; i++)
            {
                _targets[(ring[i] * _edgesPerNode) + edge] = ring[(i + 1) % nodes];
            }
        }
    }

    private struct RunningEdge
    {
        public double Sum;
        public double Weight;
        public double SeenSum;
        public double SeenWeight;
    }
}
