using System.Runtime.CompilerServices;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <summary>
/// The random numbers and the counts of one sampler: a single stripe until two threads meet on it, several from then
/// on.
/// </summary>
/// <remarks>
/// A sampler that one thread uses at a time never leaves its first stripe, so its stream follows from its seed alone.
/// After the first meeting threads are spread by their number, and the streams are as good but not repeatable.
/// </remarks>
internal sealed class SamplerCounters
{
    /// <summary>Stripes of a sampler that threads share; a power of two.</summary>
    private const int Stripes = 8;

    /// <summary>The seed of the streams.</summary>
    private readonly ulong _seed;

    /// <summary>One stripe, or all of them with the first one kept.</summary>
    private SamplerStripe[] _stripes;

    /// <summary>Counters at 0.</summary>
    internal SamplerCounters(ulong seed) => (_seed, _stripes) = (seed, [new SamplerStripe(seed, 0)]);

    /// <summary>The sum over the stripes; while others draw, of about this moment.</summary>
    internal SamplerTotals Totals
    {
        get
        {
            SamplerTotals totals = default;
            foreach (var stripe in Volatile.Read(ref _stripes))
            {
                totals += stripe.Totals;
            }

            return totals;
        }
    }

    /// <summary>Takes a random number, and the stripe on which to count what is drawn with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SamplerStripe Take(out ulong random)
    {
        var stripes = Volatile.Read(ref _stripes);
        return stripes.Length == 1 && stripes[0].TryTake(out random) ? stripes[0] : TakeShared(stripes, out random);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SamplerStripe TakeShared(SamplerStripe[] stripes, out ulong random)
    {
        if (stripes.Length == 1)
        {
            stripes = Spread(stripes);
        }

        var stripe = stripes[Environment.CurrentManagedThreadId & (Stripes - 1)];
        random = stripe.Take();
        return stripe;
    }

    private SamplerStripe[] Spread(SamplerStripe[] single)
    {
        var stripes = new SamplerStripe[Stripes];
        stripes[0] = single[0];
        for (var i = 1; i < Stripes; i++)
        {
            stripes[i] = new SamplerStripe(_seed, i);
        }

        var found = Interlocked.CompareExchange(ref _stripes, stripes, single);
        return found == single ? stripes : found;
    }
}
