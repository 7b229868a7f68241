using System.Buffers;

namespace Hearsay.Protocols.Security.Identity;

/// <summary>
/// Packets for nodes that are not met yet, and copies of what was sent over a session that its receiver may have lost.
/// </summary>
/// <remarks>
/// Bounded: the oldest gives way, and of what is longer than a datagram there are only so many. Nothing is kept for
/// longer than four seconds.
/// </remarks>
internal sealed class WaitingPackets
{
    /// <summary>The most packets.</summary>
    public const int Capacity = 32;

    /// <summary>How many of them may be longer than a datagram.</summary>
    public const int MostLong = 4;

    /// <summary>How long a packet is kept.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(4);

    private const int LongBytes = 2048;

    private WaitingPacket[] _all = [];
    private int _next;
    private int _long;

    /// <summary>Packets that gave way, or found no room, before they could be sent.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Keeps a packet.</summary>
    /// <param name="session">This node's number of its session.</param>
    /// <param name="number">The number under which it was sent; 0 if it waits.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="frames">Its frames.</param>
    /// <param name="now">The present moment.</param>
    public bool TryAdd(uint session, uint number, in Link to, ReadOnlySpan<byte> frames, Instant now)
    {
        if (_all.Length == 0)
        {
            _all = new WaitingPacket[Capacity];
        }

        FreeOld(now);
        if (frames.Length > LongBytes && _long == MostLong)
        {
            Forgotten++;
            return false;
        }

        ref var place = ref _all[_next];
        _next = (_next + 1) % Capacity;
        if (place.Session != 0)
        {
            Forgotten += place.Number == 0 ? 1 : 0;
            Free(ref place);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, frames.Length));
        frames.CopyTo(buffer);
        _long += frames.Length > LongBytes ? 1 : 0;
        place = new WaitingPacket(session, number, to, now, buffer, frames.Length);
        return true;
    }

    /// <summary>What waits for a session, the oldest first; -1 if nothing does.</summary>
    public int Find(uint session, uint number, Instant now)
    {
        for (var i = 0; i < _all.Length; i++)
        {
            var place = (_next + i) % Capacity;
            ref readonly var packet = ref _all[place];
            if (packet.Session == session && packet.Number == number && now - packet.At <= Lifetime)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>What waited for one session waits for another.</summary>
    public void Move(uint session, uint other)
    {
        foreach (ref var packet in _all.AsSpan())
        {
            if (packet.Session == session && packet.Number == 0)
            {
                packet = packet with { Session = other };
            }
        }
    }

    /// <summary>What was sent over a session waits for another, to be sent again.</summary>
    public void Recall(int place, uint other) => _all[place] = _all[place] with { Session = other, Number = 0 };

    /// <summary>A packet by its place.</summary>
    public ref readonly WaitingPacket this[int place] => ref _all[place];

    /// <summary>The packet is not needed any more.</summary>
    public void Remove(int place) => Free(ref _all[place]);

    private void FreeOld(Instant now)
    {
        foreach (ref var packet in _all.AsSpan())
        {
            if (packet.Session != 0 && now - packet.At > Lifetime)
            {
                Free(ref packet);
            }
        }
    }

    private void Free(ref WaitingPacket packet)
    {
        _long -= packet.Length > LongBytes ? 1 : 0;
        ArrayPool<byte>.Shared.Return(packet.Buffer);
        packet = default;
    }
}
