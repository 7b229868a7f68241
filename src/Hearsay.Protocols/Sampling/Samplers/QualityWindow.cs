using System.Runtime.InteropServices;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.Samplers;

/// <summary>
/// Remembers a sampler's totals at the starts of the last buckets of 32 cycles, from which the figures of the last 32
/// to 64 cycles follow.
/// </summary>
/// <remarks>
/// The first draw of a bucket writes them, one thread at a time; others go on meanwhile and may be counted on either
/// side. A mark is overwritten 128 cycles later, so a reader need not guard against that.
/// </remarks>
internal sealed class QualityWindow
{
    /// <summary>Marks kept, a power of two: two are read, two are room between the writer and readers.</summary>
    private const int Marks = 4;

    /// <summary>The totals at the starts of buckets, by the low bits of the bucket.</summary>
    private readonly SamplerTotals[] _marks = new SamplerTotals[Marks];

    /// <summary>The last bucket in which something was drawn.</summary>
    private long _bucket;

    /// <summary>1 while a thread writes marks.</summary>
    private int _writing;

    /// <summary>A window that begins in a cycle.</summary>
    internal QualityWindow(long cycle) => _bucket = Bucket(cycle);

    /// <summary>
    /// Whether a draw in this cycle is the first of its bucket: then <see cref="Enter"/> comes first.
    /// </summary>
    internal bool IsEntered(long cycle) => Bucket(cycle) <= Volatile.Read(ref _bucket);

    /// <summary>Notes the totals at the start of a cycle's bucket; whatever was drawn was drawn before it.</summary>
    internal void Enter(long cycle, in SamplerTotals totals)
    {
        if (Interlocked.CompareExchange(ref _writing, 1, 0) != 0)
        {
            return;
        }

        var bucket = Bucket(cycle);
        if (bucket > _bucket)
        {
            if (bucket > _bucket + 1)
            {
                _marks[(bucket - 1) & (Marks - 1)] = totals;
            }

            _marks[bucket & (Marks - 1)] = totals;
            Volatile.Write(ref _bucket, bucket);
        }

        Volatile.Write(ref _writing, 0);
    }

    /// <summary>What was drawn in the window that ends with a cycle: its bucket and the one before.</summary>
    internal SamplerTotals Recent(long cycle, in SamplerTotals totals)
    {
        var start = Bucket(cycle) - 1;
        var last = Volatile.Read(ref _bucket);
        return last < start ? default : totals - _marks[start & (Marks - 1)];
    }

    private static long Bucket(long cycle) => cycle >> ViewRate.BucketShift;
}
