using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Protocols.Sampling.View;

/// <summary>
/// Publishes a node's view from the one thread that changes it to any number of threads that read it. No thread waits
/// for another one, and neither side allocates.
/// </summary>
/// <remarks>
/// <para>An entry keeps its <em>slot</em> and its <em>stamp</em> while it stays in the view. A peer that
/// enters the view, even for a second time, gets a stamp that was never used. For each slot, a sampler remembers the
/// stamp that it was given last.</para>
/// <para>Views go round in a ring of three buffers. The writer fills one that is not published and then publishes it;
/// a reader copies from the published one and starts again if it was overwritten, which takes two further publications:
/// a reader is held up by progress of the writer only, never by a writer that stopped in the middle.</para>
/// </remarks>
internal sealed class ViewPublisher
{
    /// <summary>The maximum number of entries in a view.</summary>
    public const int MaximumCapacity = PeerSamplingOptions.MaximumViewSize;

    /// <summary>
    /// Published, published before, next: with three a reader has a whole publication's time before its buffer is
    /// written.
    /// </summary>
    private const int Buffers = 3;

    /// <summary>The buffers in the order in which they are used.</summary>
    private readonly ViewSnapshot[] _ring = new ViewSnapshot[Buffers];

    /// <summary>Who has which slot. The writer's alone.</summary>
    private readonly ViewSlots _slots;

    /// <summary>Where in the ring the published buffer stands. The writer's alone.</summary>
    private int _position;

    /// <summary>What readers see.</summary>
    private ViewSnapshot _published;

    /// <summary>Creates an empty view in cycle 0.</summary>
    /// <param name="capacity">The view size c.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The capacity is not from 1 to <see cref="MaximumCapacity"/>.
    /// </exception>
    public ViewPublisher(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaximumCapacity);
        Capacity = capacity;
        _slots = new ViewSlots(capacity);
        for (var i = 0; i < Buffers; i++)
        {
            _ring[i] = new ViewSnapshot(capacity);
        }

        _published = _ring[0];
    }

    /// <summary>The view size c.</summary>
    public int Capacity { get; }

    /// <summary>
    /// The observer of changes. With null, no changes are computed. Only the publishing thread may set it. Peers that
    /// are in the view at that moment are not reported; <see cref="Copy"/> returns them.
    /// </summary>
    public IViewObserver? Observer { get; set; }

    /// <summary>The number of peers in the view. Any thread may read it.</summary>
    public int Count
    {
        get
        {
            while (true)
            {
                var view = Read(out var version);
                var count = view.Count;
                if (view.IsStill(version))
                {
                    return count;
                }
            }
        }
    }

    /// <summary>The cycle of the last publication. Any thread may read it.</summary>
    public long Cycle => ReadRate().Cycle;

    /// <summary>The bytes of its arrays.</summary>
    internal long StateBytes => _slots.StateBytes + (Buffers * _published.StateBytes);

    /// <summary>The buffer that readers see now.</summary>
    internal ViewSnapshot Published => Volatile.Read(ref _published);

    /// <summary>Publishes the present view. Only one thread at a time may call it.</summary>
    /// <typeparam name="TSource">A struct or a sealed class, so that describing a peer is a direct call.</typeparam>
    /// <param name="handles">The handles in the view, in any order and without duplicates.</param>
    /// <param name="ages">The ages of the entries in cycles, in the order of the handles.</param>
    /// <param name="source">Resolves handles to peers. If it throws, nothing is published and nothing changes.</param>
    /// <param name="cycle">The node's cycle, from 0. It never decreases.</param>
    /// <exception cref="ArgumentException">
    /// There are more entries than the view size, or the numbers of handles and ages differ.
    /// </exception>
    [SkipLocalsInit]
    public void Publish<TSource>(
        ReadOnlySpan<uint> handles, ReadOnlySpan<ushort> ages, TSource source, long cycle)
        where TSource : IPeerSource, allows ref struct
    {
        if (handles.Length > Capacity || handles.Length != ages.Length)
        {
            ThrowWrongLength();
        }

        var before = _ring[_position];
        var position = (_position + 1) % Buffers;
        var next = _ring[position];
        Span<short> origins = stackalloc short[Capacity];

        next.BeginWrite();
        next.Issued = _slots.Place(handles, before, next.Stamps, origins);
        Describe(handles, ages, source, next, origins);
        next.Count = handles.Length;
        Date(next, before, cycle);
        next.EndWrite();

        _slots.Commit(handles, origins);
        _position = position;
        Volatile.Write(ref _published, next);
        if (Observer is { } observer)
        {
            ViewDifference.Tell(observer, before, next);
        }
    }

    /// <summary>Returns a copy of the peers in the view, all of one moment. Any thread may call it.</summary>
    public Peer[] Copy()
    {
        while (true)
        {
            var copy = new Peer[Count];
            if (TryCopy(copy, out var total) && total == copy.Length)
            {
                return copy;
            }
        }
    }

    /// <summary>Copies the peers in the view, all of one moment, without allocating. Any thread may call it.</summary>
    /// <param name="destination">The buffer, which is filled from its start with as many peers as fit.</param>
    /// <returns>The number of peers copied.</returns>
    public int CopyTo(Span<Peer> destination)
    {
        int total;
        while (!TryCopy(destination, out total))
        {
        }

        return Math.Min(total, destination.Length);
    }

    /// <summary>
    /// Begins a read: a buffer that was whole when this was called. Ask it in the end whether it still is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ViewSnapshot Read(out long version)
    {
        while (true)
        {
            var view = Published;
            if (view.TryBeginRead(out version))
            {
                return view;
            }
        }
    }

    /// <summary>How fast the view changed lately.</summary>
    internal ViewRate ReadRate()
    {
        while (true)
        {
            var view = Read(out var version);
            var start = Math.Max(0, ((view.Cycle >> ViewRate.BucketShift) - 1) << ViewRate.BucketShift);
            var rate = new ViewRate(view.Cycle, start, view.Issued - view.IssuedBeforeLastBucket);
            if (view.IsStill(version))
            {
                return rate;
            }
        }
    }

    private static void Describe<TSource>(
        ReadOnlySpan<uint> handles,
        ReadOnlySpan<ushort> ages,
        TSource source,
        ViewSnapshot next,
        ReadOnlySpan<short> origins)
        where TSource : IPeerSource, allows ref struct
    {
        var (youngest, oldest) = (ushort.MaxValue, ushort.MinValue);
        for (var slot = 0; slot < origins.Length; slot++)
        {
            var index = origins[slot];
            if (index < 0)
            {
                next.Peers[slot] = default;
                continue;
            }

            next.Peers[slot] = source.Describe(handles[index], ages[index]);
            next.Ages[slot] = ages[index];
            youngest = Math.Min(youngest, ages[index]);
            oldest = Math.Max(oldest, ages[index]);
        }

        (next.Youngest, next.Oldest) = (youngest, oldest);
    }

    private static void Date(ViewSnapshot next, ViewSnapshot before, long cycle)
    {
        Debug.Assert(cycle >= before.Cycle);
        next.Cycle = cycle;
        var buckets = (cycle >> ViewRate.BucketShift) - (before.Cycle >> ViewRate.BucketShift);
        next.IssuedBeforeBucket = buckets == 0 ? before.IssuedBeforeBucket : before.Issued;
        next.IssuedBeforeLastBucket = buckets switch
        {
            0 => before.IssuedBeforeLastBucket,
            1 => before.IssuedBeforeBucket,
            _ => before.Issued,
        };
    }

    [DoesNotReturn]
    private static void ThrowWrongLength() =>
        throw new ArgumentException("A view must not have more entries than its size, and must have one age per "
            + "entry.");

    private bool TryCopy(Span<Peer> destination, out int total)
    {
        var view = Read(out var version);
        total = 0;
        for (var slot = 0; slot < view.Peers.Length; slot++)
        {
            if (view.Stamps[slot] == 0)
            {
                continue;
            }

            if (total < destination.Length)
            {
                destination[total] = view.Peers[slot];
            }

            total++;
        }

        return view.IsStill(version);
    }
}
