using System.Runtime.InteropServices;
using Hearsay.Protocols;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation;

/// <summary>
/// The plain cycle-driven engine of the literature over the kernels that ship: in every cycle each live node, in a
/// fresh random order, exchanges once with a partner, and an exchange is atomic. It is the oracle for every faster or
/// more realistic driver.
/// </summary>
/// <remarks>
/// Source: TOCS 2007, section 4.1. One exchange: the active side opens and prepares; the passive side prepares its
/// answer before it merges and, where the form says so, grows older; the active side merges; a node's cycle closes
/// once. Sequential and deterministic; not thread safe.
/// </remarks>
public sealed class CycleRunner : ICycleEngine
{
    private const ulong OrderPurpose = 2;

    private readonly CycleOptions _options;
    private readonly ViewStore _store;
    private readonly TurnRunner<ViewStore> _turns;
    private readonly List<int> _live = [];
    private readonly int _finalNodes;
    private ulong _kills;

    /// <summary>Creates a run, before its first cycle.</summary>
    /// <param name="options">The options of the run.</param>
    /// <param name="nodes">The number of nodes, or the final number if the start is growing.</param>
    /// <param name="start">The overlay it starts from.</param>
    public CycleRunner(CycleOptions options, int nodes, OverlayStart start = OverlayStart.Random)
    {
        EngineSteps.Validate(options, nodes);
        _options = options;
        var rules = options.Rules;
        _store = new ViewStore(rules.ViewSize, rules.Room);
        _turns = new TurnRunner<ViewStore>(options, _store, PushedLists.For(rules));
        _finalNodes = nodes;
        EngineSteps.Begin(_store, options, nodes, start);
        _live.AddRange(Enumerable.Range(0, NodeCount));
    }

    /// <summary>Cycles run so far.</summary>
    public int Cycle { get; private set; }

    /// <summary>The number of nodes so far, dead ones included. Indexes go from 0 to one less.</summary>
    public int NodeCount => _store.NodeCount;

    /// <summary>The number of live nodes.</summary>
    public int LiveCount => _live.Count;

    /// <inheritdoc/>
    public long Exchanges { get; private set; }

    /// <inheritdoc/>
    public long StateBytes => _store.StateBytes;

    /// <summary>For tests: collects the order of the nodes in every cycle.</summary>
    internal List<int[]>? Orders { get; init; }

    /// <summary>Is told of every exchange: the active node and its partner.</summary>
    internal Action<int, int>? Met { get; init; }

    /// <summary>Runs some cycles.</summary>
    public void Run(int cycles)
    {
        for (var i = 0; i < cycles; i++)
        {
            RunCycle();
        }
    }

    /// <summary>Runs one cycle.</summary>
    public void RunCycle()
    {
        for (var joins = EngineSteps.JoinsNow(_options, _finalNodes, NodeCount); joins > 0; joins--)
        {
            Join(0);
        }

        Cycle++;
        var live = CollectionsMarshal.AsSpan(_live);
        SeededRandom.For(_options.Seed, 0, (ulong)Cycle, OrderPurpose).Shuffle(live);
        Orders?.Add(live.ToArray());
        foreach (var node in live)
        {
            RunNode(node);
        }

        if (_turns.ClosesTogether)
        {
            foreach (var node in live)
            {
                _turns.CloseTogether(node);
            }
        }
    }

    /// <summary>Adds a node that knows one other.</summary>
    /// <param name="contact">The node that it knows.</param>
    /// <returns>Its index.</returns>
    public int Join(int contact)
    {
        var node = EngineSteps.Join(_store, contact);
        _live.Add(node);
        return node;
    }

    /// <summary>Kills a uniform random share of the live nodes at once. The other nodes are not told.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>How many died.</returns>
    public int Kill(double share) => KillNodes(EngineSteps.CountOf(share, LiveCount));

    /// <summary>Kills some uniform random live nodes at once.</summary>
    /// <returns>How many died: all if there are no more.</returns>
    public int KillNodes(int count)
    {
        var dying = Math.Clamp(count, 0, LiveCount);
        var live = CollectionsMarshal.AsSpan(_live);
        live.Sort();
        EngineSteps.ChooseDying(_options, live, ++_kills, Cycle);
        foreach (var node in live[^dying..])
        {
            _store.Kill(node);
        }

        _live.RemoveRange(LiveCount - dying, dying);
        return dying;
    }

    /// <inheritdoc/>
    public void KillNode(int node)
    {
        if (_live.Remove(node))
        {
            _store.Kill(node);
        }
    }

    /// <summary>Nothing to free here; other engines keep memory of their own.</summary>
    public void Dispose()
    {
    }

    /// <summary>Returns whether a node is alive.</summary>
    public bool IsAlive(int node) => _store.IsAlive(node);

    /// <summary>Returns the view of a node. Valid until the next cycle.</summary>
    public ReadOnlySpan<uint> ViewOf(int node) => _store.View(node).Handles;

    /// <summary>Returns the ages of the entries in a node's view, in cycles, in the same order. Valid until the next
    /// cycle.</summary>
    public ReadOnlySpan<ushort> AgesOf(int node) => _store.View(node).Ages;

    /// <summary>Entries of live nodes' views that point to dead nodes; cheaper than a snapshot.</summary>
    public long CountDeadLinks() => EngineSteps.CountDeadLinks(this);

    /// <summary>The overlay as it is now.</summary>
    public OverlayGraph Snapshot() => _store.ToGraph();

    /// <summary>Throws if any view holds its own node, a node twice or too many.</summary>
    /// <exception cref="InvalidOperationException">A view breaks its invariant.</exception>
    public void AssertInvariants()
    {
        foreach (var node in _live)
        {
            _store.View(node).AssertInvariants((uint)node);
        }
    }

    private void RunNode(int node)
    {
        var turn = Turn.Of(_options, node, Cycle);
        Span<uint> contacted = stackalloc uint[_options.Fanout];
        while (!turn.Over)
        {
            Exchanges += _turns.Step(ref turn, contacted) ? 1 : 0;
        }

        for (var i = 0; Met is not null && i < turn.Exchanges; i++)
        {
            Met(node, (int)contacted[i]);
        }
    }
}
