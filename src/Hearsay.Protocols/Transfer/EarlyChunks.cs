namespace Hearsay.Protocols.Transfer;

/// <summary>
/// Chunks that came before their manifest, which travels another way: a stream may overtake a datagram, or the datagram
/// was lost. Nothing of them is proven, so there is little room; the oldest make way.
/// </summary>
internal sealed class EarlyChunks
{
    /// <summary>The most bytes at once, twice what a link is sent unasked of one body.</summary>
    public const int CapacityBytes = 2 << 20;

    /// <summary>The most chunks at once: tiny ones cost more than their bytes.</summary>
    public const int Capacity = 128;

    private readonly Queue<(UInt128 Id, int Slot, int Chunk, byte[] Bytes)> _queue = new();

    public int Bytes { get; private set; }

    public int Count => _queue.Count;

    /// <summary>Keeps a chunk.</summary>
    /// <returns>How many others made way.</returns>
    public int Add(UInt128 id, int slot, int chunk, ReadOnlySpan<byte> bytes)
    {
        _queue.Enqueue((id, slot, chunk, bytes.ToArray()));
        var gone = 0;
        for (Bytes += bytes.Length; Bytes > CapacityBytes || _queue.Count > Capacity; gone++)
        {
            Bytes -= _queue.Dequeue().Bytes.Length;
        }

        return gone;
    }

    /// <summary>Takes out the oldest chunk of a body.</summary>
    public bool TryTake(UInt128 id, out (int Slot, int Chunk, byte[] Bytes) taken)
    {
        taken = default;
        var found = false;
        for (var left = _queue.Count; left > 0; left--)
        {
            var early = _queue.Dequeue();
            if (!found && early.Id == id)
            {
                (found, taken) = (true, (early.Slot, early.Chunk, early.Bytes));
                Bytes -= early.Bytes.Length;
            }
            else
            {
                _queue.Enqueue(early);
            }
        }

        return found;
    }
}
