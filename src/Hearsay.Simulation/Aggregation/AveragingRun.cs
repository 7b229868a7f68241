namespace Hearsay.Simulation.Aggregation;

/// <summary>
/// Push-pull averaging (Jelasity, Montresor, Babaoglu, ACM TOCS 23(3) 2005) of very many nodes, cycle by cycle, by the
/// kernels of the live protocol.
/// </summary>
/// <remarks>Runs on the caller's thread. The same seed gives the same numbers.</remarks>
internal sealed class AveragingRun
{
    private readonly GossipFaults _faults;
    private readonly ICycleEngine? _overlay;
    private readonly ulong _seed;
    private ScalarAverages _scalars;
    private VectorAverages _vectors;

    /// <param name="values">The values of all nodes, a row of <paramref name="width"/> each; changed in place.</param>
    /// <param name="width">Numbers per node.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="seed">Of partners and faults.</param>
    /// <param name="overlay">Whose views partners come from, run along; null for uniform ones.</param>
    public AveragingRun(
        double[] values, int width, GossipFaults faults, ulong seed, ICycleEngine? overlay = null)
    {
        (Values, Width, _faults, _seed, _overlay) = (values, width, faults, seed, overlay);
        Population = new Population(values.Length / width);
        _scalars = new ScalarAverages(values);
        _vectors = new VectorAverages(values, width);
    }

    /// <summary>The estimates of all nodes, those of the dead as they died.</summary>
    public double[] Values { get; }

    /// <summary>Numbers per node.</summary>
    public int Width { get; }

    /// <summary>Who lives and takes part.</summary>
    public Population Population { get; }

    /// <summary>Cycles run so far, over all epochs.</summary>
    public int Cycle { get; private set; }

    /// <summary>Turns taken so far.</summary>
    public long NodeSteps { get; private set; }

    /// <summary>Runs a cycle.</summary>
    public void Step()
    {
        Cycle++;
        if (_overlay is null)
        {
            Population.Crash(_faults.Crash, _faults.Replace, _seed, Cycle);
            NodeSteps += Step(new UniformPartners(Population));
            return;
        }

        if (_faults.Crash > 0)
        {
            _overlay.KillNodes((int)Math.Round(_faults.Crash * _overlay.LiveCount));
            Population.Follow(_overlay);
        }

        _overlay.Run(1);
        NodeSteps += Step(new ViewPartners(_overlay));
    }

    /// <summary>Mean, variance and largest error of one of the numbers over the nodes that take part.</summary>
    public EstimateSpread Measure(double truth, int column = 0) =>
        EstimateSpread.Of(Population, truth, node => Values[(node * Width) + column]);

    private long Step<TPartners>(TPartners partners)
        where TPartners : struct, IPartnerChoice => Width == 1
            ? ExchangeCycle.Run(Population, partners, ref _scalars, _faults, _seed, Cycle)
            : ExchangeCycle.Run(Population, partners, ref _vectors, _faults, _seed, Cycle);
}
