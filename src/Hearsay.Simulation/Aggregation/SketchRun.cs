namespace Hearsay.Simulation.Aggregation;

/// <summary>
/// Push-pull gossip of idempotent sketches among very many nodes, cycle by cycle, until all hold the union of all.
/// </summary>
/// <remarks>Runs on the caller's thread. The same seed gives the same numbers.</remarks>
internal sealed class SketchRun<TSketches>
    where TSketches : struct, ISketches
{
    private readonly GossipFaults _faults;
    private readonly ulong _seed;
    private readonly int _union;
    private TSketches _sketches;

    /// <param name="sketches">Filled rows of all nodes, and an empty one behind them.</param>
    /// <param name="nodes">How many nodes.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="seed">Of partners and faults.</param>
    public SketchRun(TSketches sketches, int nodes, GossipFaults faults, ulong seed)
    {
        (_sketches, _faults, _seed, _union) = (sketches, faults, seed, nodes);
        Population = new Population(nodes);
        for (var node = 0; node < nodes; node++)
        {
            _sketches.Answer(_union, node);
        }
    }

    /// <summary>Who takes part.</summary>
    public Population Population { get; }

    /// <summary>Cycles run so far.</summary>
    public int Cycle { get; private set; }

    /// <summary>What the union of all sketches tells.</summary>
    public double UnionEstimate => _sketches.Estimate(_union);

    /// <summary>What a node's sketch tells.</summary>
    public double Estimate(int node) => _sketches.Estimate(node);

    /// <summary>Nodes that hold the union of all.</summary>
    public int CountComplete()
    {
        var complete = 0;
        for (var position = 0; position < Population.Count; position++)
        {
            complete += _sketches.AreSame(Population.At(position), _union) ? 1 : 0;
        }

        return complete;
    }

    /// <summary>Runs a cycle.</summary>
    public void Step() => ExchangeCycle.Run(
        Population, new UniformPartners(Population), ref _sketches, _faults, _seed, ++Cycle);
}
