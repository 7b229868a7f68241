using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <summary>The samplers of one node. Their number is bounded, and each has a stream of its own.</summary>
/// <remarks>Safe on any thread, without locks.</remarks>
internal sealed class SamplerSet
{
    /// <summary>
    /// The default of <see cref="Capacity"/>. An application has fewer parts that gossip. A consumer that forgets to
    /// dispose its samplers reaches the limit soon, and does no harm (a sampler takes under 1 KB at c = 30).
    /// </summary>
    public const int DefaultCapacity = 64;

    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The view they draw from.</summary>
    private readonly ViewPublisher _view;

    /// <summary>From which every sampler's seed is made.</summary>
    private readonly ulong _seed;

    /// <summary>The samplers there are; replaced, never changed.</summary>
    private PeerSampler[] _samplers = [];

    /// <summary>Samplers ever made: the number of the next one's stream.</summary>
    private long _created;

    /// <summary>How often a sampler was refused.</summary>
    private long _refused;

    /// <summary>Whether the node has stopped.</summary>
    private volatile bool _closed;

    /// <summary>Peers handed out by samplers that are gone.</summary>
    private long _retiredSamples;

    /// <summary>Fallbacks among them.</summary>
    private long _retiredFallbacks;

    /// <summary>The greatest total told so far, so that it never goes back while a sampler is being retired.</summary>
    private long _toldSamples;

    /// <summary>The greatest total of fallbacks told so far.</summary>
    private long _toldFallbacks;

    /// <summary>Creates a set without samplers.</summary>
    /// <param name="view">The views from which the samplers draw.</param>
    /// <param name="seed">
    /// The seed from which the streams of all samplers are made, in the order of their creation.
    /// </param>
    /// <param name="capacity">The maximum number of samplers at a time, at least 1.</param>
    public SamplerSet(ViewPublisher view, ulong seed, int capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (_view, _seed, Capacity) = (view, seed, capacity);
    }

    /// <summary>The maximum number of samplers at a time.</summary>
    public int Capacity { get; }

    /// <summary>The number of samplers.</summary>
    public int Count => Volatile.Read(ref _samplers).Length;

    /// <summary>The number of samplers that were refused because there were too many.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The number of peers drawn from all samplers, disposed ones included. It only grows.</summary>
    public long Samples => Largest(ref _toldSamples, Sum(static totals => totals.Draws, ref _retiredSamples));

    /// <summary>The number of those draws that were fallbacks. It only grows.</summary>
    public long Fallbacks => Largest(ref _toldFallbacks, Sum(static totals => totals.Fallbacks, ref _retiredFallbacks));

    /// <summary>The quality of the recent stream of each sampler.</summary>
    public IEnumerable<SamplerQuality> Qualities() =>
        Volatile.Read(ref _samplers).Select(static sampler => sampler.Quality);

    /// <summary>Creates a sampler. Disposing it makes room for another one.</summary>
    /// <param name="policy">The rule by which it chooses peers.</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="weight">The application's weights; null if all peers weigh the same.</param>
    /// <returns>
    /// False if the node has stopped, or if there are <see cref="Capacity"/> samplers already. The latter is counted in
    /// <see cref="Refused"/>.
    /// </returns>
    public bool TryCreate(
        SamplingPolicy policy, [NotNullWhen(true)] out PeerSampler? sampler, IPeerWeight? weight = null)
    {
        sampler = null;
        while (true)
        {
            var samplers = Volatile.Read(ref _samplers);
            if (samplers.Length >= Capacity)
            {
                Interlocked.Increment(ref _refused);
                sampler = null;
                return false;
            }

            sampler ??= Create(policy, weight);
            if (Interlocked.CompareExchange(ref _samplers, [.. samplers, sampler], samplers) == samplers)
            {
                break;
            }
        }

        if (!_closed)
        {
            return true;
        }

        sampler.Dispose();
        sampler = null;
        return false;
    }

    /// <summary>The node has stopped: its samplers find no peer any more, and there are no new ones.</summary>
    internal void Close()
    {
        _closed = true;
        foreach (var sampler in Volatile.Read(ref _samplers))
        {
            sampler.Dispose();
        }
    }

    private PeerSampler Create(SamplingPolicy policy, IPeerWeight? weight)
    {
        var number = (ulong)Interlocked.Increment(ref _created);
        return new PeerSampler(_view, policy, SeededRandom.Mix(_seed + (number * Golden)), Retire, weight);
    }

    private void Retire(PeerSampler sampler)
    {
        while (true)
        {
            var samplers = Volatile.Read(ref _samplers);
            var others = Array.FindAll(samplers, other => other != sampler);
            if (Interlocked.CompareExchange(ref _samplers, others, samplers) == samplers)
            {
                break;
            }
        }

        var totals = sampler.Totals;
        Interlocked.Add(ref _retiredSamples, totals.Draws);
        Interlocked.Add(ref _retiredFallbacks, totals.Fallbacks);
    }

    private long Sum(Func<SamplerTotals, long> what, ref long retired)
    {
        var sum = Volatile.Read(ref retired);
        foreach (var sampler in Volatile.Read(ref _samplers))
        {
            sum += what(sampler.Totals);
        }

        return sum;
    }

    private static long Largest(ref long told, long sum)
    {
        while (true)
        {
            var seen = Volatile.Read(ref told);
            if (sum <= seen || Interlocked.CompareExchange(ref told, sum, seen) == seen)
            {
                return Math.Max(sum, seen);
            }
        }
    }
}
