using Hearsay.Protocols;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Simulation;

/// <summary>
/// One rumor in a whole network, in cycles that all nodes take together: the kernels of the live protocol over arrays,
/// for very many nodes and for thousands of trials.
/// </summary>
/// <remarks>
/// Every contact of a cycle is judged on the state at its start. All chance comes from one stream, so a run does not
/// depend on what runs beside it; one run is single threaded, trials run in parallel.
/// </remarks>
public sealed partial class RumorRun
{
    private const ulong Purpose = 0x5255_4D4F;
    private const int MostDraws = 32;

    private readonly RumorOptions _options;
    private readonly double _loss;
    private readonly RumorState[] _states;
    private readonly RumorTally[] _tallies;

    /// <summary>Contacts taken in this cycle, where they are limited.</summary>
    private readonly ushort[] _taken;

    private SeededRandom _random;
    private int _news;
    private int _payloads;
    private int _requests;

    /// <summary>A network in which nobody knows anything.</summary>
    /// <param name="options">The rules; what concerns memory and time is not used.</param>
    /// <param name="nodes">How many nodes, at least 2.</param>
    /// <param name="seed">Same seed, same run.</param>
    /// <param name="loss">The share of messages lost, requests and answers included. From 0 to 1.</param>
    public RumorRun(RumorOptions options, int nodes, ulong seed, double loss = 0)
    {
        RumorValidation.ThrowIfInvalid(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 2);
        (_options, _loss) = (options, loss);
        _states = new RumorState[nodes];
        _tallies = new RumorTally[nodes];
        _taken = options.ConnectionLimit > 0 ? new ushort[nodes] : [];
        Restart(seed);
    }

    /// <summary>Cycles so far.</summary>
    public int Cycle { get; private set; }

    /// <summary>Nodes that know the rumor.</summary>
    public int Known { get; private set; }

    /// <summary>Nodes that spread it.</summary>
    public int Hot { get; private set; }

    /// <summary>Whether a node knows the rumor.</summary>
    public bool Knows(int node) => _states[node].Phase != RumorPhase.Unknown;

    /// <summary>All is forgotten, and another seed holds.</summary>
    public void Restart(ulong seed)
    {
        Array.Clear(_states);
        _random = SeededRandom.For(seed, 0, 0, Purpose);
        (Cycle, Known, Hot) = (0, 0, 0);
    }

    /// <summary>A node begins to tell the rumor.</summary>
    public void Start(int source)
    {
        _states[source] = RumorKernel.Begin(_options);
        (Known, Hot) = (Known + 1, Hot + 1);
    }

    /// <summary>One cycle of all nodes.</summary>
    /// <param name="partners">Whom they contact.</param>
    public RumorCycle Step<TPartners>(TPartners partners)
        where TPartners : IRumorPartners
    {
        ThrowIfNull(partners);
        Array.Clear(_tallies);
        Array.Clear(_taken);
        (_news, _payloads, _requests) = (0, 0, 0);
        for (var node = 0; node < _states.Length; node++)
        {
            if (Contacts(_states[node]) && partners.IsAlive(node))
            {
                ContactAll(node, partners);
            }
        }

        var hot = 0;
        for (var node = 0; node < _states.Length; node++)
        {
            if (_states[node].Phase is RumorPhase.Hot or RumorPhase.Fresh)
            {
                RumorKernel.EndCycle(_options, ref _states[node], _tallies[node], ref _random);
                hot += _states[node].Phase == RumorPhase.Hot ? 1 : 0;
            }
        }

        (Cycle, Known, Hot) = (Cycle + 1, Known + _news, hot);
        return new RumorCycle(_news, Known, Hot, _payloads, _requests);
    }

    /// <summary>Spreads the rumor from node 0 until nothing more can happen.</summary>
    /// <param name="partners">Whom the nodes contact.</param>
    /// <param name="seen">Is told of every cycle; may be null.</param>
    public RumorOutcome Finish<TPartners>(TPartners partners, Action<int, RumorCycle>? seen = null)
        where TPartners : IRumorPartners
    {
        ThrowIfNull(partners);
        Start(0);
        var (payloads, requests, arrivals, last) = (0L, 0L, 0L, 0);
        while (!IsOver)
        {
            var cycle = Step(partners);
            payloads += cycle.Payloads;
            requests += cycle.Requests;
            arrivals += (long)Cycle * cycle.News;
            last = cycle.News > 0 ? Cycle : last;
            seen?.Invoke(Cycle, cycle);
        }

        var nodes = (double)_states.Length;
        return new RumorOutcome(
            1 - (Known / nodes), payloads / nodes, requests / nodes, arrivals / (double)Math.Max(1, Known - 1), last,
            Cycle);
    }

    /// <summary>A structure is never null, and code that is not optimised yet would box it to find out.</summary>
    private static void ThrowIfNull<TPartners>(TPartners partners)
    {
        if (!typeof(TPartners).IsValueType)
        {
            ArgumentNullException.ThrowIfNull(partners);
        }
    }

    /// <summary>Push-then-pull goes on until all know, since those that miss it go on asking.</summary>
    private bool IsOver => Cycle > _options.MaximumAgeCycles
        || (_options.Mode == RumorMode.PushThenPull ? Known == _states.Length : Hot == 0);
}
