using System.Runtime.CompilerServices;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <content>Draws of several distinct peers at once.</content>
internal sealed partial class PeerSampler
{
    /// <inheritdoc/>
    public IReadOnlyList<Peer> GetPeers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var peers = new Peer[Math.Min(count, _view.Count)];
        var drawn = GetPeers(peers.AsSpan());
        return drawn == peers.Length ? peers : peers[..drawn];
    }

    /// <inheritdoc/>
    public int GetPeers(Span<Peer> destination) => GetPeers(destination, out _);

    /// <summary>Draws distinct peers, and tells how many of them were fallbacks: the last ones drawn.</summary>
    [SkipLocalsInit]
    internal int GetPeers(Span<Peer> destination, out int fallbacks)
    {
        fallbacks = 0;
        if (destination.IsEmpty || Volatile.Read(ref _disposed) != 0)
        {
            return 0;
        }

        Span<short> slots = stackalloc short[_view.Capacity];
        Span<long> stamps = stackalloc long[_view.Capacity];
        Span<double> weights = _weight is null ? default : stackalloc double[_view.Capacity];
        SamplerStripe? stripe = null;
        SeededRandom random = default;
        while (true)
        {
            var view = _view.Read(out var version);
            SlotMask all = default;
            if (_weight is null)
            {
                all = SlotMask.Occupied(view.Stamps, out _);
            }
            else if (!Weigh(view, version, weights, out all))
            {
                continue;
            }

            EnterWindow(view.Cycle);
            if (stripe is null)
            {
                stripe = _counters.Take(out var bits);
                random = new SeededRandom(bits);
            }

            var wanted = Math.Min(destination.Length, slots.Length);
            var drawn = Choose(view, all, weights, slots, wanted, ref random, out var fresh);
            for (var i = 0; i < drawn; i++)
            {
                stamps[i] = view.Stamps[slots[i]];
                destination[i] = view.Peers[slots[i]];
            }

            if (!view.IsStill(version))
            {
                continue;
            }

            if (Policy == SamplingPolicy.UniformWithoutReplacement)
            {
                var lost = Claim(slots, stamps, fresh);
                if (lost == fresh && lost > 0)
                {
                    continue;
                }

                fallbacks = drawn - fresh + lost;
            }

            CountSeveral(stripe, destination[..drawn], fallbacks);
            return drawn;
        }
    }

    private static void CountSeveral(SamplerStripe stripe, ReadOnlySpan<Peer> peers, int fallbacks)
    {
        var ages = 0L;
        foreach (ref readonly var peer in peers)
        {
            ages += peer.AgeCycles;
        }

        stripe.CountMany(peers.Length, fallbacks, ages);
    }

    /// <summary>Takes slots at random out of a set until enough are chosen, or by age.</summary>
    private int Take(
        SlotMask from, ushort[] ages, ReadOnlySpan<double> weights, Span<short> slots, int drawn, int wanted,
        ref SeededRandom random)
    {
        while (drawn < wanted)
        {
            var count = from.Count;
            if (count == 0)
            {
                break;
            }

            var among = Policy is SamplingPolicy.Head or SamplingPolicy.Tail
                ? from.OfAge(ages, from.ExtremeAge(ages, Policy == SamplingPolicy.Tail), out count)
                : from;
            var slot = weights.IsEmpty
                ? among.At(random.Below(count)) : Weighted(among, weights, ref random);
            from.Remove(slot);
            slots[drawn++] = (short)slot;
        }

        return drawn;
    }

    /// <summary>Chooses distinct slots, the fresh ones first.</summary>
    /// <returns>How many; <paramref name="fresh"/> of them are fresh.</returns>
    private int Choose(
        ViewSnapshot view, in SlotMask all, ReadOnlySpan<double> weights, Span<short> slots, int wanted,
        ref SeededRandom random, out int fresh)
    {
        if (Policy != SamplingPolicy.UniformWithoutReplacement)
        {
            return fresh = Take(all, view.Ages, weights, slots, 0, wanted, ref random);
        }

        var unseen = SlotMask.Newer(view.Stamps, _given, out _).And(all);
        fresh = Take(unseen, view.Ages, weights, slots, 0, wanted, ref random);
        return Take(all.Without(unseen), view.Ages, weights, slots, fresh, wanted, ref random);
    }

    /// <summary>Claims the fresh entries of a draw.</summary>
    /// <returns>
    /// How many another thread was given first, between the choice and the claim. They stay in the draw as fallbacks:
    /// it is of one view, and what it has claimed already it cannot give back.
    /// </returns>
    private int Claim(ReadOnlySpan<short> slots, ReadOnlySpan<long> stamps, int fresh)
    {
        var lost = 0;
        for (var i = 0; i < fresh; i++)
        {
            lost += TryClaim(slots[i], stamps[i]) ? 0 : 1;
        }

        return lost;
    }
}
