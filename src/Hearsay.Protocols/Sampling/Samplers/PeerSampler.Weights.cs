using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <content>Draws by weights that the application gives.</content>
internal sealed partial class PeerSampler
{
    /// <summary>The application's weights; null if all peers weigh the same.</summary>
    private readonly IPeerWeight? _weight;

    /// <summary>Draws one peer by weight: the same as a draw of several, of which one is wanted.</summary>
    private bool TryGetWeighted(out Peer peer, out SampleOrigin origin)
    {
        peer = default;
        var drawn = GetPeers(new Span<Peer>(ref peer), out var fallbacks);
        origin = drawn == 0 ? SampleOrigin.None : fallbacks > 0 ? SampleOrigin.Fallback : SampleOrigin.Fresh;
        return drawn > 0;
    }

    /// <summary>Asks the application for the weights of all entries.</summary>
    /// <param name="view">The view.</param>
    /// <param name="version">Its version: only peers that are whole are shown to the application.</param>
    /// <param name="weights">Receives the weights by slot.</param>
    /// <param name="positive">The slots of positive weight.</param>
    /// <returns>False if the view was written meanwhile.</returns>
    private bool Weigh(ViewSnapshot view, long version, Span<double> weights, out SlotMask positive)
    {
        positive = SlotMask.Occupied(view.Stamps, out _);
        for (var slot = 0; slot < weights.Length; slot++)
        {
            if (!positive.Contains(slot))
            {
                continue;
            }

            var peer = view.Peers[slot];
            if (!view.IsStill(version))
            {
                return false;
            }

            weights[slot] = Math.Min(_weight!.WeightOf(peer), IPeerWeight.MaximumWeight);
            if (!(weights[slot] > 0))
            {
                positive.Remove(slot);
            }
        }

        return true;
    }

    /// <summary>One of the slots, in proportion to their weights.</summary>
    private static int Weighted(in SlotMask among, ReadOnlySpan<double> weights, ref SeededRandom random)
    {
        var sum = 0.0;
        for (var slot = 0; slot < weights.Length; slot++)
        {
            sum += among.Contains(slot) ? weights[slot] : 0;
        }

        var left = random.NextDouble() * sum;
        var chosen = -1;
        for (var slot = 0; slot < weights.Length; slot++)
        {
            if (!among.Contains(slot))
            {
                continue;
            }

            chosen = slot; // The last one also takes what rounding leaves.
            left -= weights[slot];
            if (left < 0)
            {
                break;
            }
        }

        return chosen;
    }
}
