using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Sampling.View;

/// <summary>
/// One buffer of a <see cref="ViewPublisher"/>: a whole view, guarded by a version that is odd while it is written.
/// </summary>
/// <remarks>
/// A reader takes the version first, copies what it needs, and believes it only if <see cref="IsStill"/> says so.
/// Arrays never change their length, so that reading a buffer in mid-write gives nonsense at worst and is never out of
/// range.
/// </remarks>
internal sealed class ViewSnapshot
{
    /// <summary>
    /// Slots are padded to a multiple of this, so that vectors scan stamps and ages without a remainder.
    /// </summary>
    private const int Padding = 16;

    /// <summary>Even when the buffer is whole, odd while it is written; only grows.</summary>
    private long _version;

    /// <summary>An empty view.</summary>
    internal ViewSnapshot(int capacity)
    {
        Stamps = new long[PaddedLength(capacity)];
        Peers = new Peer[capacity];
        Ages = new ushort[PaddedLength(capacity)];
    }

    /// <summary>By slot: the stamp of the entry, 0 if the slot is empty.</summary>
    internal long[] Stamps { get; }

    /// <summary>By slot: the peer, the default value if the slot is empty.</summary>
    internal Peer[] Peers { get; }

    /// <summary>
    /// By slot: the age of the entry, side by side so that the extreme is found without touching every peer.
    /// </summary>
    internal ushort[] Ages { get; }

    /// <summary>The least age there is, if the view is not empty.</summary>
    internal ushort Youngest { get; set; }

    /// <summary>The greatest age there is, if the view is not empty.</summary>
    internal ushort Oldest { get; set; }

    /// <summary>Slots in use.</summary>
    internal int Count { get; set; }

    /// <summary>The cycle in which this was published.</summary>
    internal long Cycle { get; set; }

    /// <summary>Stamps issued up to this view: every entry that ever came in.</summary>
    internal long Issued { get; set; }

    /// <summary>Stamps issued before the bucket of cycles that this view falls in.</summary>
    internal long IssuedBeforeBucket { get; set; }

    /// <summary>Stamps issued before the bucket in front of that one.</summary>
    internal long IssuedBeforeLastBucket { get; set; }

    /// <summary>The bytes of its arrays.</summary>
    internal long StateBytes =>
        ArrayMemory.SizeBytes(Stamps) + ArrayMemory.SizeBytes(Peers) + ArrayMemory.SizeBytes(Ages);

    /// <summary>The length of an array of stamps or ages for a number of slots.</summary>
    internal static int PaddedLength(int capacity) =>
        (capacity + Padding - 1) / Padding * Padding;

    /// <summary>Begins a read.</summary>
    /// <returns>False if the buffer is being written: a newer one was published meanwhile.</returns>
    internal bool TryBeginRead(out long version)
    {
        version = Volatile.Read(ref _version);
        return (version & 1) == 0;
    }

    /// <summary>
    /// Whether nothing was written since <paramref name="version"/>: everything read up to here is of one view.
    /// </summary>
    internal bool IsStill(long version)
    {
        Volatile.ReadBarrier();
        return _version == version;
    }

    /// <summary>Makes the version odd; it may be odd already after a write that failed half-way.</summary>
    internal void BeginWrite()
    {
        _version |= 1;
        Volatile.WriteBarrier();
    }

    /// <summary>Makes the version even again.</summary>
    internal void EndWrite() => Volatile.Write(ref _version, _version + 1);
}
