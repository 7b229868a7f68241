using System.Runtime.CompilerServices;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <summary>Draws peers from a published view for one consumer.</summary>
/// <remarks>
/// <para>Without replacement a sampler remembers, by slot of the view, the stamp of the entry it was given last. An
/// entry is fresh while its stamp is greater, and a draw is uniform among the fresh. That is the same distribution as a
/// queue into which entries are inserted at random positions and whose front is given, without the queue: nothing has
/// to be done when the view changes. A thread claims an entry by setting its mark, so no two threads are given one
/// entry.</para>
/// <para>Lock-free: a draw starts again only when another thread got the entry first or the view was published anew.
/// Used by one thread at a time, the stream follows from the seed and the views alone. After <see cref="Dispose"/> a
/// draw finds no peer.</para>
/// </remarks>
internal sealed partial class PeerSampler : IPeerSampler
{
    /// <summary>The views drawn from.</summary>
    private readonly ViewPublisher _view;

    /// <summary>By slot: the stamp of the entry that was given from it last. Only grows.</summary>
    private readonly long[] _given;

    /// <summary>Random numbers and counts.</summary>
    private readonly SamplerCounters _counters;

    /// <summary>The counts of the last cycles.</summary>
    private readonly QualityWindow _window;

    /// <summary>The cycle in which this sampler began.</summary>
    private readonly long _firstCycle;

    /// <summary>Told once when this sampler is disposed.</summary>
    private readonly Action<PeerSampler>? _disposing;

    /// <summary>1 after disposal.</summary>
    private int _disposed;

    /// <summary>Creates a sampler that has not drawn any peer yet.</summary>
    /// <param name="view">The views from which it draws.</param>
    /// <param name="policy">The rule by which it chooses peers.</param>
    /// <param name="seed">The seed of its stream. Every sampler needs another one.</param>
    /// <param name="disposing">Called once when this sampler is disposed; null if not needed.</param>
    /// <param name="weight">The application's weights; null if all peers weigh the same.</param>
    public PeerSampler(
        ViewPublisher view, SamplingPolicy policy, ulong seed, Action<PeerSampler>? disposing = null,
        IPeerWeight? weight = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (!Enum.IsDefined(policy))
        {
            throw new ArgumentOutOfRangeException(nameof(policy), policy, "There is no such sampling policy.");
        }

        Policy = policy;
        _view = view;
        _disposing = disposing;
        _weight = weight;
        _given = new long[ViewSnapshot.PaddedLength(view.Capacity)];
        _counters = new SamplerCounters(seed);
        _firstCycle = view.Cycle;
        _window = new QualityWindow(_firstCycle);
    }

    /// <inheritdoc/>
    public SamplingPolicy Policy { get; }

    /// <inheritdoc/>
    public SamplerQuality Quality
    {
        get
        {
            var rate = _view.ReadRate();
            var recent = _window.Recent(rate.Cycle, _counters.Totals);
            var cycles = Math.Max(1, rate.Cycle - Math.Max(rate.WindowStart, _firstCycle) + 1);
            return new SamplerQuality(
                recent.Draws,
                recent.Fallbacks,
                recent.Draws == 0 ? 0 : (double)recent.Ages / recent.Draws,
                (double)recent.Draws / cycles,
                rate.NewEntriesPerCycle);
        }
    }

    /// <summary>Everything handed out so far.</summary>
    internal SamplerTotals Totals => _counters.Totals;

    /// <inheritdoc/>
    public bool TryGetPeer(out Peer peer) => TryGetPeer(out peer, out _);

    /// <inheritdoc/>
    public bool TryGetPeer(out Peer peer, out SampleOrigin origin)
    {
        if (_weight is not null)
        {
            return TryGetWeighted(out peer, out origin);
        }

        SamplerStripe? stripe = null;
        var random = 0UL;
        while (Volatile.Read(ref _disposed) == 0)
        {
            var view = _view.Read(out var version);
            var candidates = Candidates(view, out var count, out origin);
            if (count == 0)
            {
                if (!view.IsStill(version))
                {
                    continue;
                }

                break;
            }

            if (origin == SampleOrigin.Fallback && _view.Published != view)
            {
                continue;
            }

            if (stripe is null)
            {
                EnterWindow(view.Cycle);
                stripe = _counters.Take(out random);
            }
            else
            {
                random = SeededRandom.Mix(random);
            }

            var slot = candidates.At(Below(random, count));
            var stamp = view.Stamps[slot];
            peer = view.Peers[slot];
            if (view.IsStill(version) && (!Claims(origin) || TryClaim(slot, stamp)))
            {
                stripe.Count(peer.AgeCycles, origin == SampleOrigin.Fallback);
                return true;
            }
        }

        stripe?.CountMany(0, 0, 0);
        (peer, origin) = (default, SampleOrigin.None);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _disposing?.Invoke(this);
        }
    }

    /// <summary>
    /// A number below a bound from 64 random bits; of bounds up to 256 none is likelier than another by more than
    /// 2^-55.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Below(ulong random, int bound) => (int)Math.BigMul(random, (ulong)bound, out _);

    /// <summary>Whether a draw of this origin has to claim its entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Claims(SampleOrigin origin) =>
        Policy == SamplingPolicy.UniformWithoutReplacement && origin == SampleOrigin.Fresh;

    /// <summary>The slots a draw chooses from, all alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SlotMask Candidates(ViewSnapshot view, out int count, out SampleOrigin origin)
    {
        origin = SampleOrigin.Fresh;
        if (Policy != SamplingPolicy.UniformWithoutReplacement)
        {
            var all = SlotMask.Occupied(view.Stamps, out count);
            return Policy switch
            {
                SamplingPolicy.Head => all.OfAge(view.Ages, view.Youngest, out count),
                SamplingPolicy.Tail => all.OfAge(view.Ages, view.Oldest, out count),
                _ => all,
            };
        }

        var fresh = SlotMask.Newer(view.Stamps, _given, out count);
        if (count != 0)
        {
            return fresh;
        }

        origin = SampleOrigin.Fallback;
        return SlotMask.Occupied(view.Stamps, out count);
    }

    /// <summary>Marks an entry as given, unless it is already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryClaim(int slot, long stamp)
    {
        ref var given = ref _given[slot];
        var seen = Volatile.Read(ref given);
        return seen < stamp && Interlocked.CompareExchange(ref given, stamp, seen) == seen;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnterWindow(long cycle)
    {
        if (!_window.IsEntered(cycle))
        {
            _window.Enter(cycle, _counters.Totals);
        }
    }
}
