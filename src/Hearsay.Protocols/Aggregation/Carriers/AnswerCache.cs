using System.Buffers.Binary;

namespace Hearsay.Protocols.Aggregation.Carriers;

/// <summary>
/// The answers given in the present epoch, by partner and exchange id: a request that comes again is answered again
/// with the same bytes, and changes nothing. Bounded in number and bytes; the oldest give way.
/// </summary>
/// <remarks>
/// An id is remembered longer than its answer. Once ids had to give way too, a repeated request that is not found might
/// be one of them, so it must not be taken for a new one.
/// </remarks>
internal sealed class AnswerCache
{
    /// <summary>Ids remembered; a node is asked about once a cycle.</summary>
    private const int Ids = 256;

    private const int SmallestBytes = 4 * 1024;
    private const int LargestBytes = 1024 * 1024;

    private readonly ulong[] _keys = new ulong[Ids];
    private readonly (long Start, int Length)[] _places = new (long, int)[Ids];
    private byte[] _bytes = [];

    /// <summary>Ids stored in this epoch.</summary>
    private long _count;

    /// <summary>Bytes stored in this epoch; the ring holds the last of them.</summary>
    private long _end;

    /// <summary>Whether an id of this epoch was forgotten.</summary>
    public bool HasForgotten => _count > Ids;

    /// <summary>What stands for a partner and its exchange id.</summary>
    public static ulong KeyOf(NodeId partner, ulong id)
    {
        Span<byte> bytes = stackalloc byte[NodeId.SizeBytes];
        partner.Write(bytes);
        var key = SeededRandom.Mix(BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ id);
        return SeededRandom.Mix(
            key + BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));
    }

    /// <summary>A new epoch.</summary>
    public void Clear() => (_count, _end) = (0, 0);

    /// <summary>Finds a request that was answered before.</summary>
    /// <param name="key">From <see cref="KeyOf"/>.</param>
    /// <param name="answer">The answer; empty if it is not kept any more.</param>
    /// <returns>Whether it was.</returns>
    public bool TryFind(ulong key, out ReadOnlySpan<byte> answer)
    {
        answer = default;
        var place = _keys.AsSpan(0, (int)Math.Min(_count, Ids)).IndexOf(key);
        if (place < 0)
        {
            return false;
        }

        var (start, length) = _places[place];
        if (_end - start <= _bytes.Length && length > 0)
        {
            answer = _bytes.AsSpan((int)(start % _bytes.Length), length);
        }

        return true;
    }

    /// <summary>Keeps an answer.</summary>
    public void Store(ulong key, ReadOnlySpan<byte> answer)
    {
        Grow(answer.Length);
        var place = (int)(_count++ % Ids);
        _keys[place] = key;
        _places[place] = (0, 0);
        if (answer.Length > _bytes.Length)
        {
            return;
        }

        // An answer is never cut in two: the rest of the ring is skipped.
        var offset = _end % _bytes.Length;
        _end += offset + answer.Length > _bytes.Length ? _bytes.Length - offset : 0;
        _places[place] = (_end, answer.Length);
        answer.CopyTo(_bytes.AsSpan((int)(_end % _bytes.Length)));
        _end += answer.Length;
    }

    /// <summary>The ring grows while an epoch's answers do not fit; what it holds is copied to its place.</summary>
    private void Grow(int length)
    {
        if (_end + length <= _bytes.Length || _bytes.Length >= LargestBytes)
        {
            return;
        }

        var wanted = Math.Max((int)_end + length, Math.Max(SmallestBytes, 2 * _bytes.Length));
        var larger = new byte[Math.Min(wanted, LargestBytes)];
        _bytes.AsSpan(0, (int)Math.Min(_end, _bytes.Length)).CopyTo(larger);
        _bytes = larger;
    }
}
