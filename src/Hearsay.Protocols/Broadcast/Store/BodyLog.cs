using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>
/// The bytes of the messages that are held, one behind the other in segments. The oldest message is always released
/// first, so a segment is free again when the last message in it is, unless a reader holds a lease on it. In buffers of
/// their own, rounded up to a power of two, messages would take up to twice their size.
/// </summary>
/// <param name="capacityBytes">The most bytes that the messages may take, with the room between them.</param>
internal sealed class BodyLog(long capacityBytes)
{
    /// <summary>A node that holds next to nothing takes next to no memory: segments begin small.</summary>
    private const int FirstSegmentBytes = 1 << 12;

    /// <summary>Below the size from which the runtime treats an array as large.</summary>
    private const int LargestSegmentBytes = 1 << 16;

    /// <summary>The first and the last segment may be nearly empty, which shall not be much of the whole.</summary>
    private const int LeastSegments = 16;

    private readonly int _fullBytes = (int)Math.Clamp(
        (long)BitOperations.RoundUpToPowerOf2((ulong)(capacityBytes / LeastSegments)),
        FirstSegmentBytes, LargestSegmentBytes);

    private readonly Queue<BodySegment> _used = new(1);
    private readonly Stack<BodySegment> _free = new(0);
    private readonly LeasedMemory _leased = new(capacityBytes / 2);
    private BodySegment? _last;
    private int _nextBytes = FirstSegmentBytes;

    /// <summary>Bytes of the segments that only leases keep, and the most that they ever were.</summary>
    private long _lentBytes;

    private long _mostLentBytes;

    /// <summary>Bytes of the segments with messages.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>
    /// Bytes of all segments, in use and free. Those that only leases keep are not among them. All together are at most
    /// the capacity, and half of it for leases.
    /// </summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of the segments with leases, at most half of the capacity. Any thread.</summary>
    public long LeasedBytes => _leased.Bytes;

    /// <summary>Whether the next message fits beside those that are here.</summary>
    /// <param name="length">How long it is.</param>
    public bool Fits(int length) => FitsLast(length) || UsedBytes + NextBytes(length) <= capacityBytes;

    /// <summary>Finds room for the next message, also where it does not fit.</summary>
    /// <param name="length">How long it is.</param>
    /// <param name="offset">Where its room begins in the segment.</param>
    /// <returns>The segment. The room is the caller's until it is released.</returns>
    public BodySegment Append(int length, out int offset)
    {
        if (!FitsLast(length))
        {
            _last = Next(length);
            _used.Enqueue(_last);
            UsedBytes += _last.Buffer.Length;
        }

        var last = _last!;
        offset = last.End;
        last.End += length;
        last.Messages++;
        return last;
    }

    /// <summary>Releases the oldest message.</summary>
    public void ReleaseOldest()
    {
        _used.Peek().Messages--;
        while (_used.TryPeek(out var oldest) && oldest.Messages == 0)
        {
            _last = _last == oldest ? null : _last;
            Free(_used.Dequeue());
        }
    }

    private bool FitsLast(int length) => _last is { } last && last.Buffer.Length - last.End >= length;

    private BodySegment? FreeFor(int length) =>
        _free.TryPeek(out var free) && free.Buffer.Length >= length ? free : null;

    private int NextBytes(int length) => FreeFor(length)?.Buffer.Length ?? Math.Max(_nextBytes, length);

    private BodySegment Next(int length)
    {
        var next = FreeFor(length) is null ? null : _free.Pop();
        if (next is null)
        {
            var bytes = NextBytes(length);
            _nextBytes = Math.Min(2 * _nextBytes, _fullBytes);
            Bytes += bytes;
            next = new BodySegment(new byte[bytes], _leased);
        }

        // Only now: another free segment than Fits has seen could be a larger one.
        TakeEnded();
        return next;
    }

    private void Free(BodySegment segment)
    {
        UsedBytes -= segment.Buffer.Length;
        TakeEnded();
        if (segment.Leave())
        {
            _free.Push(segment);
        }
        else
        {
            Bytes -= segment.Buffer.Length;
            _lentBytes += segment.Buffer.Length;
            _mostLentBytes = Math.Max(_mostLentBytes, _lentBytes);
        }

        DropFree();
    }

    /// <summary>Segments that only leases kept are free again.</summary>
    private void TakeEnded()
    {
        for (var ended = _leased.TakeEnded(); ended is not null;)
        {
            var next = ended.NextEnded;
            ended.NextEnded = null;
            Bytes += ended.Buffer.Length;
            _lentBytes -= ended.Buffer.Length;
            _free.Push(ended);
            ended = next;
        }

        DropFree();
    }

    /// <summary>
    /// Of free segments as many are kept as messages may fill again, and as take the place of those that leases keep as
    /// a rule.
    /// </summary>
    private void DropFree()
    {
        while (Bytes + _lentBytes > capacityBytes + _mostLentBytes && _free.TryPop(out var dropped))
        {
            Bytes -= dropped.Buffer.Length;
        }
    }
}
