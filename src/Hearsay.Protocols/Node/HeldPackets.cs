namespace Hearsay.Protocols;

/// <summary>
/// Datagrams that wait until the address they go to has proven itself. Bounded: an address has only so many, of all the
/// one that waits longest gives way, and one that waited a cycle is not sent any more.
/// </summary>
internal sealed class HeldPackets(TimeSpan longest)
{
    /// <summary>The most packets held.</summary>
    public const int Capacity = 8;

    /// <summary>The most for one address.</summary>
    private const int MostForOne = 4;

    private readonly (NodeAddress To, Instant At, int Bytes)[] _held = new (NodeAddress, Instant, int)[Capacity];
    private readonly byte[]?[] _buffers = new byte[Capacity][];

    private int _count;

    /// <summary>Takes a packet.</summary>
    /// <returns>How many packets were given up for it, or that is: 0 or 1.</returns>
    public int Add(in NodeAddress to, ReadOnlySpan<byte> packet, Instant now)
    {
        var others = 0;
        for (var i = 0; i < _count; i++)
        {
            others += _held[i].To == to ? 1 : 0;
        }

        if (others == MostForOne)
        {
            return 1;
        }

        var displaced = _count == Capacity ? 1 : 0;
        if (displaced > 0)
        {
            Remove(0, _buffers[0]!);
        }

        var buffer = _buffers[_count] ??= new byte[Envelope.MaximumDatagramBytes];
        packet.CopyTo(buffer);
        _held[_count++] = (to, now, packet.Length);
        return displaced;
    }

    /// <summary>Takes out a packet for an address, the oldest first.</summary>
    /// <param name="to">The address, which has proven itself.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="packet">The packet, valid until the next <see cref="Add"/>.</param>
    /// <returns>False if none is left.</returns>
    public bool TryTake(in NodeAddress to, Instant now, out Span<byte> packet)
    {
        packet = default;
        for (var i = 0; i < _count; i++)
        {
            if (_held[i].To != to)
            {
                continue;
            }

            var (held, buffer) = (_held[i], _buffers[i]!);
            Remove(i, buffer);
            if (now - held.At <= longest)
            {
                packet = buffer.AsSpan(0, held.Bytes);
                return true;
            }

            i--;
        }

        return false;
    }

    /// <summary>The others keep their order; the buffer is used again.</summary>
    private void Remove(int place, byte[] buffer)
    {
        _count--;
        for (var i = place; i < _count; i++)
        {
            (_held[i], _buffers[i]) = (_held[i + 1], _buffers[i + 1]);
        }

        (_held[_count], _buffers[_count]) = (default, buffer);
    }
}
