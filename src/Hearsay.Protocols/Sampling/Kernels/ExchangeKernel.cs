using System.Runtime.CompilerServices;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Kernels;

/// <summary>
/// One exchange in four pure steps, the same for a live node, a simulated one and a slice of a bulk run:
/// <code>
///   active                                   passive
///   Open: choose the partner
///   Prepare(asks)  ── own descriptor + sent ──►
///                                            Prepare(answers), before it merges
///                  ◄── own descriptor + sent ──
///                                            Merge, IncreaseAges if the form says so
///   Merge
///   Close: IncreaseAges once per cycle
/// </code>
/// </summary>
/// <remarks>Source: TOCS 2007, figure 1; the forms Newscast and Cyclon as their kernels say.</remarks>
internal static class ExchangeKernel
{
    /// <summary>
    /// Starts an active exchange. Cyclon ages its view and removes the partner from it; the other forms do not change
    /// the view.
    /// </summary>
    /// <param name="rules">The parameters of the exchange.</param>
    /// <param name="view">The node's view.</param>
    /// <param name="candidates">The positions that may be chosen; empty for all.</param>
    /// <param name="firstOfCycle">
    /// Whether this is the first exchange of a cycle. Cyclon ages its view only then.
    /// </param>
    /// <param name="random">The generator.</param>
    /// <param name="partner">The handle of the partner.</param>
    /// <returns>False if there is no candidate.</returns>
    public static bool TryOpen(
        in ExchangeRules rules,
        ref ViewSlice view,
        scoped ReadOnlySpan<int> candidates,
        bool firstOfCycle,
        ref SeededRandom random,
        out uint partner)
    {
        if (rules.Form == ExchangeForm.Cyclon && firstOfCycle)
        {
            view.IncreaseAges();
        }

        var index = Choose(rules, view, candidates, ref random);
        if (index < 0)
        {
            partner = default;
            return false;
        }

        partner = view.Handles[index];
        if (rules.Form == ExchangeForm.Cyclon)
        {
            view.RemoveAt(index);
        }

        return true;
    }

    /// <summary>Chooses the entries to send, besides the node's own descriptor.</summary>
    /// <param name="rules">The parameters of the exchange.</param>
    /// <param name="view">The node's view. Its order may change.</param>
    /// <param name="answers">Whether this is the passive side. Cyclon's passive side sends one entry more.</param>
    /// <param name="sent">
    /// Receives the handles of the chosen entries. It must have at least <see cref="ExchangeRules.MaximumBuffer"/>
    /// elements.
    /// </param>
    /// <param name="sentAges">Receives the ages of the chosen entries.</param>
    /// <param name="random">The generator.</param>
    /// <returns>The number of entries chosen.</returns>
    public static int Prepare(
        in ExchangeRules rules,
        ref ViewSlice view,
        bool answers,
        Span<uint> sent,
        Span<ushort> sentAges,
        ref SeededRandom random)
    {
        var most = SendsOwnDescriptor(rules, answers) ? rules.MaximumBuffer - 1 : rules.MaximumBuffer;
        return rules.Form switch
        {
            ExchangeForm.HalfViews =>
                HalfViewsKernel.Prepare(ref view, rules.Healing, sent[..most], sentAges, ref random),
            ExchangeForm.Newscast => NewscastKernel.Prepare(ref view, sent[..most], sentAges),
            _ => CyclonKernel.Prepare(ref view, sent[..most], sentAges, ref random),
        };
    }

    /// <summary>
    /// Returns whether a message of this side carries the node's own descriptor. Only Cyclon's answer does not.
    /// </summary>
    public static bool SendsOwnDescriptor(in ExchangeRules rules, bool answers) =>
        rules.Form != ExchangeForm.Cyclon || !answers;

    /// <summary>Merges received entries into the view.</summary>
    /// <param name="rules">The parameters of the exchange.</param>
    /// <param name="view">The node's view, with storage for <see cref="ExchangeRules.Room"/> entries.</param>
    /// <param name="received">The handles received, at most <see cref="ExchangeRules.MaximumBuffer"/>.</param>
    /// <param name="receivedAges">The ages received.</param>
    /// <param name="sent">The handles that this side sent in the same exchange.</param>
    /// <param name="self">The handle of the node itself.</param>
    /// <param name="random">The generator.</param>
    public static void Merge(
        in ExchangeRules rules,
        ref ViewSlice view,
        scoped ReadOnlySpan<uint> received,
        scoped ReadOnlySpan<ushort> receivedAges,
        scoped ReadOnlySpan<uint> sent,
        uint self,
        ref SeededRandom random)
    {
        switch (rules.Form)
        {
            case ExchangeForm.HalfViews:
                HalfViewsKernel.Merge(
                    ref view, received, receivedAges, sent, rules.Healing, rules.Swap, self, ref random);
                break;
            case ExchangeForm.Newscast:
                NewscastKernel.Merge(ref view, received, receivedAges, self, ref random);
                break;
            default:
                CyclonKernel.Merge(ref view, received, receivedAges, sent, self);
                break;
        }
    }

    /// <summary>Ends the cycle of a node. Its view ages by one cycle, once per cycle, whatever the fanout is.</summary>
    public static void Close(in ExchangeRules rules, ref ViewSlice view)
    {
        if (rules.Form != ExchangeForm.Cyclon)
        {
            view.IncreaseAges();
        }
    }

    [SkipLocalsInit]
    private static int Choose(
        in ExchangeRules rules, in ViewSlice view, scoped ReadOnlySpan<int> candidates, ref SeededRandom random)
    {
        var selection = rules.Form switch
        {
            ExchangeForm.Newscast => PeerSelection.Rand,
            ExchangeForm.Cyclon => PeerSelection.Tail,
            _ => rules.Selection,
        };
        if (candidates.IsEmpty)
        {
            return SelectionKernel.Select(view.Ages, selection, ref random);
        }

        Span<ushort> ages = stackalloc ushort[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            ages[i] = view.Ages[candidates[i]];
        }

        return candidates[SelectionKernel.Select(ages, selection, ref random)];
    }
}
