using System.Buffers;

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

    /// <summary>The packet that was taken out last, whose caller is done with it at the next call.</summary>
    private byte[]? _taken;
    private int _count;

    /// <summary>Takes a packet.</summary>
    /// <returns>How many packets were given up for it, or that is: 0 or 1.</returns>
    public int Add(in NodeAddress to, ReadOnlySpan<byte> packet, Instant now)
    {
        DropExpired(now);
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
            Free(Remove(0));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(buffer);
        (_held[_count], _buffers[_count]) = ((to, now, packet.Length), buffer);
        _count++;
        return displaced;
    }

    /// <summary>Takes out a packet for an address, the oldest first.</summary>
    /// <param name="to">The address, which has proven itself.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="packet">The packet, valid until the next call.</param>
    /// <returns>False if none is left.</returns>
    public bool TryTake(in NodeAddress to, Instant now, out Span<byte> packet)
    {
        Free(_taken);
        _taken = null;
        packet = default;
        DropExpired(now);
        for (var i = 0; i < _count; i++)
        {
            if (_held[i].To == to)
            {
                var bytes = _held[i].Bytes;
                _taken = Remove(i);
                packet = _taken.AsSpan(0, bytes);
                return true;
            }
        }

        return false;
    }

    /// <summary>The oldest come first.</summary>
    private void DropExpired(Instant now)
    {
        while (_count > 0 && now - _held[0].At > longest)
        {
            Free(Remove(0));
        }
    }

    private static void Free(byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes a packet out; the others keep their order.</summary>
    private byte[] Remove(int place)
    {
        var buffer = _buffers[place]!;
        _count--;
        for (var i = place; i < _count; i++)
        {
            (_held[i], _buffers[i]) = (_held[i + 1], _buffers[i + 1]);
        }

        (_held[_count], _buffers[_count]) = (default, null);
        return buffer;
    }
}
