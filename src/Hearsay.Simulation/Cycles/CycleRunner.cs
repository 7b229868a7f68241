using System.Runtime.InteropServices;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// The plain cycle-driven engine of the literature over the kernels that ship: in every cycle each live node, in a
/// fresh random order, exchanges once with a partner, and an exchange is atomic. The oracle of every faster or more
/// real driver.
/// </summary>
/// <remarks>
/// Source: TOCS 2007, section 4.1. One exchange: the active side opens and prepares; the passive side prepares its
/// answer before it merges and, where the form says so, grows older; the active side merges; a node's cycle closes
/// once. Sequential and deterministic; not thread safe.
/// </remarks>
public sealed class CycleRunner
{
    private const ulong StartPurpose = 1;
    private const ulong OrderPurpose = 2;
    private const ulong ExchangePurpose = 3;
    private const ulong KillPurpose = 4;

    private readonly CycleOptions _options;
    private readonly ExchangeRules _rules;
    private readonly ViewStore _store;
    private readonly PushedLists? _pushed;
    private readonly Message _request;
    private readonly Message _answer;
    private readonly List<int> _live = [];
    private readonly int _finalNodes;
    private ulong _kills;

    /// <summary>A run before its first cycle.</summary>
    /// <param name="options">What it does.</param>
    /// <param name="nodes">How many nodes there are, or will be if the start is growing.</param>
    /// <param name="start">The overlay it starts from.</param>
    public CycleRunner(CycleOptions options, int nodes, OverlayStart start = OverlayStart.Random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Fanout, 1, nameof(options));
        _options = options;
        _rules = options.Rules;
        _store = new ViewStore(_rules.ViewSize, _rules.Room);
        _pushed = _rules.Pulls ? null : new PushedLists(_rules.MaximumBuffer);
        _request = new Message(_rules);
        _answer = new Message(_rules);
        _finalNodes = nodes;
        _store.Reserve(nodes);
        for (var i = 0; i < (start == OverlayStart.Growing ? 1 : nodes); i++)
        {
            _live.Add(_store.Add());
        }

        var random = SeededRandom.For(options.Seed, 0, 0, StartPurpose);
        OverlayStarts.Fill(_store, start, _rules.ViewSize, ref random);
    }

    /// <summary>Cycles run so far.</summary>
    public int Cycle { get; private set; }

    /// <summary>Exchanges run so far: active steps that found a partner.</summary>
    public long ExchangeCount { get; private set; }

    /// <summary>Nodes there ever were, dead ones included: indexes go from 0 to one less.</summary>
    public int NodeCount => _store.NodeCount;

    /// <summary>Nodes that live.</summary>
    public int LiveCount => _live.Count;

    /// <summary>
    /// Newscast's ages stand for timestamps, so time passes for all nodes at once. If each aged in its own turn, a copy
    /// that hops from a node before its turn to one after it would miss a cycle; a merge that keeps the freshest
    /// selects just those, and dead entries stay young (8 % of them left 10 cycles after a crash, instead of none after
    /// 5).
    /// </summary>
    private bool ClosesTogether => _rules.Form == ExchangeForm.Newscast;

    /// <summary>Partners that are tried for an exchange, or null if nodes know who lives.</summary>
    private int? Tries => _rules.Form == ExchangeForm.Cyclon ? _options.Tries ?? 1 : _options.Tries;

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
        // A growing start is short of nodes; others are short of none, whoever dies or joins later.
        for (var joins = Math.Min(_options.JoinsPerCycle, _finalNodes - NodeCount); joins > 0; joins--)
        {
            Join(0);
        }

        Cycle++;
        var live = CollectionsMarshal.AsSpan(_live);
        SeededRandom.For(_options.Seed, 0, (ulong)Cycle, OrderPurpose).Shuffle(live);
        foreach (var node in live)
        {
            RunNode(node);
        }

        if (ClosesTogether)
        {
            foreach (var node in live)
            {
                var view = _store.View(node);
                ExchangeKernel.Close(_rules, ref view);
            }
        }
    }

    /// <summary>Adds a node that knows one other.</summary>
    /// <param name="contact">Whom it knows.</param>
    /// <returns>Its index.</returns>
    public int Join(int contact)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(contact);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(contact, NodeCount);
        var node = _store.Add();
        var view = _store.View(node);
        view.Append((uint)contact, 0);
        _store.Keep(node, view);
        _live.Add(node);
        return node;
    }

    /// <summary>Kills a uniform random share of the live nodes at once. Nobody is told.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>How many died.</returns>
    public int Kill(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return KillNodes((int)Math.Round(share * LiveCount));
    }

    /// <summary>Kills some uniform random live nodes at once.</summary>
    /// <returns>How many died: all if there are no more.</returns>
    public int KillNodes(int count)
    {
        var dying = Math.Clamp(count, 0, LiveCount);
        var live = CollectionsMarshal.AsSpan(_live);
        live.Sort();
        SeededRandom.For(_options.Seed, ++_kills, (ulong)Cycle, KillPurpose).Shuffle(live);
        foreach (var node in live[^dying..])
        {
            _store.Kill(node);
        }

        _live.RemoveRange(LiveCount - dying, dying);
        return dying;
    }

    /// <summary>Whether a node lives.</summary>
    public bool IsAlive(int node) => _store.Alive[node];

    /// <summary>Whom a node knows. Valid until the next cycle.</summary>
    public ReadOnlySpan<uint> ViewOf(int node) => _store.View(node).Handles;

    /// <summary>How old what it knows is, in cycles, parallel to the view. Valid until the next cycle.</summary>
    public ReadOnlySpan<ushort> AgesOf(int node) => _store.View(node).Ages;

    /// <summary>Entries of live nodes' views that point to dead nodes; cheaper than a snapshot.</summary>
    public long CountDeadLinks() => _store.CountDeadLinks();

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
        var random = SeededRandom.For(_options.Seed, (ulong)node, (ulong)Cycle, ExchangePurpose);
        var view = _store.View(node);
        Span<uint> contacted = stackalloc uint[_options.Fanout];
        var opened = false;
        for (var i = 0; i < _options.Fanout; i++)
        {
            if (!TryFindPartner(ref view, contacted[..i], ref opened, ref random, out var partner))
            {
                break;
            }

            contacted[i] = (uint)partner;
            Exchange(node, ref view, partner, ref random);
        }

        if (!opened && _rules.Form == ExchangeForm.Cyclon)
        {
            // Cyclon ages where it opens; a node that could not open has only aged.
            view.IncreaseAges();
        }

        if (!ClosesTogether)
        {
            ExchangeKernel.Close(_rules, ref view);
        }

        _store.Keep(node, view);
    }

    private bool TryFindPartner(
        ref ViewSlice view,
        scoped ReadOnlySpan<uint> contacted,
        ref bool opened,
        ref SeededRandom random,
        out int partner)
    {
        Span<int> positions = stackalloc int[view.Count];
        for (var left = Tries ?? 1; left > 0; left--)
        {
            var candidates = Candidates(view, contacted, positions);
            if (candidates.IsEmpty)
            {
                break;
            }

            ExchangeKernel.TryOpen(_rules, ref view, candidates, !opened, ref random, out var chosen);
            opened = true;
            partner = (int)chosen;
            if (_store.Alive[partner])
            {
                return true;
            }

            // It does not answer: its slot stays free. Cyclon has taken it out already.
            if (view.IndexOf(chosen) is var index and >= 0)
            {
                view.RemoveAt(index);
            }
        }

        partner = -1;
        return false;
    }

    /// <summary>Positions that may be chosen: not contacted in this cycle and, if nodes know it, alive.</summary>
    private ReadOnlySpan<int> Candidates(in ViewSlice view, ReadOnlySpan<uint> contacted, Span<int> positions)
    {
        var onlyLiving = Tries is null;
        var count = 0;
        for (var i = 0; i < view.Count; i++)
        {
            var handle = view.Handles[i];
            if ((!onlyLiving || _store.Alive[(int)handle]) && !contacted.Contains(handle))
            {
                positions[count++] = i;
            }
        }

        return positions[..count];
    }

    private void Exchange(int node, ref ViewSlice view, int partner, ref SeededRandom random)
    {
        ExchangeCount++;
        _request.Clear();
        if (_rules.Pushes)
        {
            _request.Write((uint)node, ref view, answers: false, ref random);
            _pushed?.Keep(node, _request.Sent);
        }

        Receive(partner, ref random);
        if (_rules.Pulls)
        {
            ExchangeKernel.Merge(
                _rules, ref view, _answer.Handles, _answer.Ages, _request.Sent, (uint)node, ref random);
        }
    }

    /// <summary>
    /// The passive side. What it sends depends on the mode of the exchange and is chosen before it merges.
    /// </summary>
    private void Receive(int node, ref SeededRandom random)
    {
        var view = _store.View(node);
        _answer.Clear();
        if (_rules.Pulls)
        {
            _answer.Write((uint)node, ref view, answers: true, ref random);
        }

        var sent = _pushed is null ? _answer.Sent : _pushed.Of(node);
        ExchangeKernel.Merge(_rules, ref view, _request.Handles, _request.Ages, sent, (uint)node, ref random);
        if (_rules.AgesWhenContacted)
        {
            view.IncreaseAges();
        }

        _store.Keep(node, view);
    }
}
