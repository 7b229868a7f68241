using System.Buffers;

namespace Hearsay.Protocols.Node.Guard;

/// <summary>
/// Packets that wait until the address they go to, or came from, has proven itself. Bounded: an address has only so
/// many, of all the one that waits longest gives way, and one that waited too long is not used any more.
/// </summary>
/// <param name="longest">How long one waits.</param>
/// <param name="capacity">The most packets held.</param>
/// <param name="mostForOne">The most for one address.</param>
internal sealed class HeldPackets(
    TimeSpan longest, int capacity = HeldPackets.Capacity, int mostForOne = HeldPackets.MostForOne)
{
    /// <summary>The most packets held, unless it is said otherwise.</summary>
    public const int Capacity = 8;

    /// <summary>The same for one address.</summary>
    private const int MostForOne = 4;

    private (NodeAddress Of, Instant At, int Bytes)[] _held = [];
    private byte[]?[] _buffers = [];

    /// <summary>The packet that was taken out last, whose caller is done with it at the next call.</summary>
    private byte[]? _taken;
    private int _count;

    /// <summary>Packets wait for another time from now on.</summary>
    public void ChangeLongest(TimeSpan time) => longest = time;

    /// <summary>Takes a packet.</summary>
    /// <returns>How many packets were given up for it, or that is: 0 or 1.</returns>
    public int Add(in NodeAddress address, ReadOnlySpan<byte> packet, Instant now)
    {
        DropExpired(now);
        var others = 0;
        for (var i = 0; i < _count; i++)
        {
            others += _held[i].Of == address ? 1 : 0;
        }

        if (others == mostForOne)
        {
            return 1;
        }

        var displaced = _count == capacity ? 1 : 0;
        if (displaced > 0)
        {
            Free(Remove(0));
        }

        if (_count == _held.Length)
        {
            Array.Resize(ref _held, Math.Min(capacity, Math.Max(4, 2 * _count)));
            Array.Resize(ref _buffers, _held.Length);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(buffer);
        (_held[_count], _buffers[_count]) = ((address, now, packet.Length), buffer);
        _count++;
        return displaced;
    }

    /// <summary>Takes out a packet for an address, the oldest first.</summary>
    /// <param name="address">The address, which has proven itself.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="packet">The packet, valid until the next call.</param>
    /// <returns>False if none is left.</returns>
    public bool TryTake(in NodeAddress address, Instant now, out Span<byte> packet)
    {
        Free(_taken);
        _taken = null;
        packet = default;
        DropExpired(now);
        for (var i = 0; i < _count; i++)
        {
            if (_held[i].Of == address)
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
