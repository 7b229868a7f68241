using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Kernels;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Simulation.Cycles;

/// <summary>
/// A node's turn in a cycle over the kernels that ship: find a partner, exchange, grow older. One for every thread, as
/// it holds the messages under way.
/// </summary>
/// <param name="options">What the run does.</param>
/// <param name="store">The views.</param>
/// <param name="pushed">What nodes last pushed, if only one side sends.</param>
internal sealed class TurnRunner<TStore>(CycleOptions options, TStore store, PushedLists? pushed)
    where TStore : IViewStore
{
    private readonly ExchangeRules _rules = options.Rules;
    private readonly Message _request = new(options.Rules);
    private readonly Message _answer = new(options.Rules);

    /// <summary>
    /// Newscast's ages stand for timestamps, so time passes for all nodes at once. If each aged in its own turn, a copy
    /// that hops from a node before its turn to one after it would miss a cycle; a merge that keeps the freshest
    /// selects just those, and dead entries stay young (8 % of them left 10 cycles after a crash, instead of none after
    /// 5).
    /// </summary>
    public bool ClosesTogether => _rules.Form == ExchangeForm.Newscast;

    /// <summary>Partners that are tried for an exchange, or null if nodes know who lives.</summary>
    private int? Tries => _rules.Form == ExchangeForm.Cyclon ? options.Tries ?? 1 : options.Tries;

    /// <summary>Whom the next exchange of a turn will be with, or -1. Changes nothing.</summary>
    public int FindPartner(Turn turn, scoped ReadOnlySpan<uint> contacted)
    {
        var view = store.View(turn.Node);
        return TryFindPartner(ref view, contacted[..turn.Exchanges], ref turn, out var partner) ? partner : -1;
    }

    /// <summary>Runs the next exchange of a turn, and ends the turn if that was the last or there is nobody.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="contacted">Whom it was with so far; as long as the fanout.</param>
    /// <returns>Whether there was a partner that could be reached.</returns>
    public bool Step(ref Turn turn, Span<uint> contacted)
    {
        var view = store.View(turn.Node);
        var found = TryFindPartner(ref view, contacted[..turn.Exchanges], ref turn, out var partner);
        if (found)
        {
            contacted[turn.Exchanges++] = (uint)partner;
            Exchange(ref turn, ref view, partner);
        }

        turn.Over = !found || turn.Exchanges == options.Fanout;
        if (turn.Over)
        {
            Close(turn, ref view);
        }

        store.Keep(turn.Node, view);
        return found;
    }

    /// <summary>Lets time pass for a node, where it passes for all at once.</summary>
    public void CloseTogether(int node)
    {
        var view = store.View(node);
        ExchangeKernel.Close(_rules, ref view);
        store.Keep(node, view);
    }

    private void Close(in Turn turn, ref ViewSlice view)
    {
        if (!turn.Opened && _rules.Form == ExchangeForm.Cyclon)
        {
            // Cyclon ages where it opens; a node that could not open has only aged.
            view.IncreaseAges();
        }

        if (!ClosesTogether)
        {
            ExchangeKernel.Close(_rules, ref view);
        }
    }

    private bool TryFindPartner(
        ref ViewSlice view, scoped ReadOnlySpan<uint> contacted, ref Turn turn, out int partner)
    {
        Span<int> positions = stackalloc int[view.Count];
        for (var left = Tries ?? 1; left > 0; left--)
        {
            var candidates = Candidates(view, contacted, positions);
            if (candidates.IsEmpty)
            {
                break;
            }

            ExchangeKernel.TryOpen(_rules, ref view, candidates, !turn.Opened, ref turn.Random, out var chosen);
            turn.Opened = true;
            partner = (int)chosen;
            if (store.IsAlive(partner) && !IsLost(ref turn))
            {
                return true;
            }

            Evict(ref view, chosen);
        }

        partner = -1;
        return false;
    }

    /// <summary>
    /// It does not answer: its slot stays free. Cyclon has taken it out already; who knows that it lives keeps it.
    /// </summary>
    private void Evict(ref ViewSlice view, uint partner)
    {
        if (Tries is not null && options.Evicts && view.IndexOf(partner) is var index and >= 0)
        {
            view.RemoveAt(index);
        }
    }

    private bool IsLost(ref Turn turn) => options.Loss > 0 && turn.Loss.NextDouble() < options.Loss;

    /// <summary>Positions that may be chosen: not contacted in this cycle and, if nodes know it, alive.</summary>
    private ReadOnlySpan<int> Candidates(in ViewSlice view, ReadOnlySpan<uint> contacted, Span<int> positions)
    {
        var onlyLiving = Tries is null;
        var count = 0;
        for (var i = 0; i < view.Count; i++)
        {
            var handle = view.Handles[i];
            if ((!onlyLiving || store.IsAlive((int)handle)) && !contacted.Contains(handle))
            {
                positions[count++] = i;
            }
        }

        return positions[..count];
    }

    private void Exchange(ref Turn turn, ref ViewSlice view, int partner)
    {
        _request.Clear();
        if (_rules.Pushes)
        {
            _request.Write((uint)turn.Node, ref view, answers: false, ref turn.Random);
            pushed?.Keep(turn.Node, _request.Sent);
        }

        Receive(partner, ref turn.Random);
        if (IsLost(ref turn))
        {
            Evict(ref view, (uint)partner);
        }
        else if (_rules.Pulls)
        {
            ExchangeKernel.Merge(
                _rules, ref view, _answer.Handles, _answer.Ages, _request.Sent, (uint)turn.Node, ref turn.Random);
        }
    }

    /// <summary>
    /// The passive side. What it sends depends on the mode of the exchange and is chosen before it merges.
    /// </summary>
    private void Receive(int node, ref SeededRandom random)
    {
        var view = store.View(node, contacted: true);
        _answer.Clear();
        if (_rules.Pulls)
        {
            _answer.Write((uint)node, ref view, answers: true, ref random);
        }

        var sent = pushed is null ? _answer.Sent : pushed.Of(node);
        ExchangeKernel.Merge(_rules, ref view, _request.Handles, _request.Ages, sent, (uint)node, ref random);
        if (_rules.AgesWhenContacted)
        {
            view.IncreaseAges();
        }

        store.Keep(node, view);
    }
}
