using System.Runtime.Intrinsics.X86;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation.Bulk;

/// <summary>
/// What one thread of a bulk run needs to serve turns: the plain kernels for every protocol, and the vectorised
/// exchange where it applies. Both give the same result from the same draws, so which one ran cannot be seen.
/// </summary>
internal sealed unsafe class BulkWorker
{
    private readonly CycleOptions _options;
    private readonly BulkStore _store;
    private readonly TurnRunner<BulkViews> _turns;
    private readonly bool _suits;
    private bool _fast;
    private bool _allLive;

    public BulkWorker(CycleOptions options, BulkStore store)
    {
        (_options, _store) = (options, store);
        _turns = new TurnRunner<BulkViews>(options, new BulkViews(store, options.Rules.Room), store.Pushed);
        var rules = options.Rules;
        _suits = VectorHalfViews.IsSupported
            && store.Rows.Slots == VectorHalfViews.Slots
            && rules is { Form: ExchangeForm.HalfViews, Propagation: Propagation.PushPull }
            && options is { Fanout: 1, Loss: 0 };
    }

    public bool ClosesTogether => _turns.ClosesTogether;

    /// <summary>Who lives does not change within a cycle.</summary>
    public void StartCycle()
    {
        _allLive = _store.LiveCount == _store.NodeCount;
        _fast = _suits && (_allLive || _options.Tries is null);
    }

    /// <summary>Asks for the row of a node that is about to be needed.</summary>
    public void Fetch(int node)
    {
        if (Sse.IsSupported)
        {
            var row = _store.Rows.Row(node);
            Sse.Prefetch0(row);
            Sse.Prefetch0(row + 64);
            Sse.Prefetch0(row + 128);
        }
    }

    /// <summary>Asks for the row of a node that is needed in the next batch: the second cache is near enough.</summary>
    public void FetchEarly(int node)
    {
        if (Sse.IsSupported)
        {
            var row = _store.Rows.Row(node);
            Sse.Prefetch1(row);
            Sse.Prefetch1(row + 64);
            Sse.Prefetch1(row + 128);
        }
    }

    /// <summary>Chooses the partner of a turn's next exchange, or -1. Changes no view.</summary>
    public int Reserve(ref Turn turn, ReadOnlySpan<uint> contacted) =>
        _fast ? Select(ref turn) : _turns.FindPartner(turn, contacted);

    /// <summary>Runs the exchange that was reserved.</summary>
    public void Commit(ref Turn turn, int partner, Span<uint> contacted, int cycle)
    {
        if (!_fast)
        {
            turn.Reached = _turns.Step(ref turn, contacted);
            return;
        }

        turn.Reached = partner >= 0;
        if (partner < 0 || !TryExchange(turn, partner))
        {
            turn = Turn.Of(_options, turn.Node, cycle);
            turn.Reached = _turns.Step(ref turn, contacted);
        }
    }

    private bool TryExchange(in Turn turn, int partner)
    {
        var own = _store.Rows.Row(turn.Node);
        var other = _store.Rows.Row(partner);
        var (node, c) = ((uint)turn.Node, _options.Rules.ViewSize);
        var (healing, swap) = (_options.Rules.Healing, _options.Rules.Swap);
        return WideHalfViews.IsSupported
            ? WideHalfViews.TryExchange(own, other, node, (uint)partner, c, healing, swap, turn.Random)
            : VectorHalfViews.TryExchange(own, other, node, (uint)partner, c, healing, swap, turn.Random);
    }

    /// <summary>Runs the exchange of a turn that came late: the views may have changed, so it chooses anew.</summary>
    public void Redo(ref Turn turn, Span<uint> contacted, int cycle)
    {
        if (!_fast)
        {
            turn.Reached = _turns.Step(ref turn, contacted);
            return;
        }

        turn = Turn.Of(_options, turn.Node, cycle);
        var partner = Select(ref turn);
        Commit(ref turn, partner, contacted, cycle);
    }

    /// <summary>Lets time pass for a node, where it passes for all at once.</summary>
    public void CloseTogether(int node) => _turns.CloseTogether(node);

    private int Select(ref Turn turn)
    {
        var handles = _store.Handles(turn.Node);
        var ages = _store.Ages(turn.Node);
        if (_allLive)
        {
            var index = WideHalfViews.IsSupported && _options.Rules.Selection == PeerSelection.Tail
                ? WideSelection.Oldest(_store.Rows.AgeSlots(turn.Node), ages.Length, ref turn.Random)
                : SelectionKernel.Select(ages, _options.Rules.Selection, ref turn.Random);
            return index < 0 ? -1 : (int)handles[index];
        }

        Span<ushort> living = stackalloc ushort[VectorHalfViews.Slots];
        Span<uint> candidates = stackalloc uint[VectorHalfViews.Slots];
        var count = 0;
        for (var i = 0; i < handles.Length; i++)
        {
            (candidates[count], living[count]) = (handles[i], ages[i]);
            count += _store.IsAlive((int)handles[i]) ? 1 : 0;
        }

        var chosen = SelectionKernel.Select(living[..count], _options.Rules.Selection, ref turn.Random);
        return chosen < 0 ? -1 : (int)candidates[chosen];
    }
}
