using System.Buffers;

namespace Hearsay.Protocols.Security;

/// <summary>
/// Copies of what was sent to nodes that may answer with a challenge: they are sent once more with the cookie.
/// </summary>
/// <remarks>
/// Bounded: the oldest gives way, and of what goes over streams there are only so many. Nothing is kept for longer than
/// a cookie is taken.
/// </remarks>
internal sealed class SentRecords
{
    /// <summary>The most copies.</summary>
    public const int Capacity = 16;

    /// <summary>How many of them may be longer than a datagram.</summary>
    public const int MostLong = 2;

    private const int LongBytes = 2048;

    private SentRecord[] _sent = [];
    private int _next;
    private int _long;

    /// <summary>Copies that gave way before they could have been asked for.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Keeps a copy.</summary>
    public void Add(
        UInt128 boot, uint number, in Link to, NodeId receiver, ReadOnlySpan<byte> frames, Instant now)
    {
        if (_sent.Length == 0)
        {
            _sent = new SentRecord[Capacity];
        }

        FreeOld(now);
        if (frames.Length > LongBytes && _long == MostLong)
        {
            Forgotten++;
            return;
        }

        ref var place = ref _sent[_next];
        _next = (_next + 1) % Capacity;
        if (place.Boot != 0)
        {
            Forgotten++;
            Free(ref place);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, frames.Length));
        frames.CopyTo(buffer);
        _long += frames.Length > LongBytes ? 1 : 0;
        place = new SentRecord(boot, number, to, receiver, now, buffer, frames.Length);
    }

    /// <summary>Whether there is a copy of a record.</summary>
    public bool TryFind(UInt128 boot, uint number, Instant now, out int place)
    {
        for (place = 0; place < _sent.Length; place++)
        {
            ref readonly var sent = ref _sent[place];
            if (sent.Boot == boot && boot != 0 && sent.Number == number)
            {
                return now - sent.At <= Cookies.Lifetime;
            }
        }

        return false;
    }

    /// <summary>A copy by its place.</summary>
    public ref readonly SentRecord this[int place] => ref _sent[place];

    /// <summary>The copy is not needed any more.</summary>
    public void Remove(int place) => Free(ref _sent[place]);

    private void FreeOld(Instant now)
    {
        foreach (ref var sent in _sent.AsSpan())
        {
            if (sent.Boot != 0 && now - sent.At > Cookies.Lifetime)
            {
                Free(ref sent);
            }
        }
    }

    private void Free(ref SentRecord sent)
    {
        _long -= sent.Length > LongBytes ? 1 : 0;
        ArrayPool<byte>.Shared.Return(sent.Buffer);
        sent = default;
    }
}
