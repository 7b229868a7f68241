namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>
/// Bytes that are fetched piece by piece, in any order. Memory is taken as pieces come and not as a peer says that they
/// will.
/// </summary>
/// <param name="length">How many bytes there will be, within the bounds of the caller.</param>
/// <param name="firstPieceTime">How long the first piece took from the question on.</param>
internal sealed class Intake(long length, TimeSpan firstPieceTime)
{
    /// <summary>One piece may overtake another.</summary>
    private const int LostAfter = 2;

    private readonly byte[]?[] _pieces =
        new byte[]?[(int)((length + MapFrame.PieceBytes - 1) / MapFrame.PieceBytes)];

    /// <summary>
    /// What was asked for and has not come, in the order of the questions, when, and how many came that were asked for
    /// later.
    /// </summary>
    private readonly List<(long Offset, Instant Asked, int Overtaken)> _asked = [];

    /// <summary>The longest that a piece has taken.</summary>
    private TimeSpan _slowest = firstPieceTime;

    /// <summary>The first piece comes with the offer.</summary>
    private long _next = MapFrame.PieceBytes;
    private int _taken;

    /// <summary>How many bytes there will be.</summary>
    public long Length { get; } = length;

    /// <summary>Whether all pieces are here.</summary>
    public bool IsComplete => _taken == _pieces.Length;

    /// <summary>Takes a piece; false if it is none that is missing, or has a wrong length.</summary>
    public bool Take(long offset, ReadOnlySpan<byte> bytes, Instant now)
    {
        if (offset < 0 || offset >= Length || offset % MapFrame.PieceBytes != 0
            || bytes.Length != Math.Min(MapFrame.PieceBytes, Length - offset)
            || _pieces[(int)(offset / MapFrame.PieceBytes)] is not null)
        {
            return false;
        }

        _pieces[(int)(offset / MapFrame.PieceBytes)] = bytes.ToArray();
        _taken++;
        if (_asked.FindIndex(asked => asked.Offset == offset) is >= 0 and var place)
        {
            _slowest = now - _asked[place].Asked is var time && time > _slowest ? time : _slowest;
            _asked.RemoveAt(place);
            for (var i = 0; i < place; i++)
            {
                _asked[i] = _asked[i] with { Overtaken = _asked[i].Overtaken + 1 };
            }
        }

        return true;
    }

    /// <summary>Whether there is a piece to ask for now.</summary>
    /// <param name="window">How many are asked for at a time.</param>
    /// <param name="now">The moment.</param>
    /// <param name="offset">
    /// Its offset: that of the next piece, or that of a piece that was lost, or whose request was lost. Later pieces
    /// have overtaken such a piece, and it takes longer than any piece has taken.
    /// </param>
    public bool TryAsk(int window, Instant now, out long offset)
    {
        var lost = _asked.FindIndex(asked => asked.Overtaken >= LostAfter && now - asked.Asked > _slowest * 1.25);
        var isNext = lost < 0 && _asked.Count < window && _next < Length;
        if (lost < 0 && !isNext)
        {
            offset = 0;
            return false;
        }

        offset = isNext ? _next : _asked[lost].Offset;
        if (isNext)
        {
            _next += MapFrame.PieceBytes;
        }
        else
        {
            _asked.RemoveAt(lost);
        }

        _asked.Add((offset, now, 0));
        return true;
    }

    /// <summary>Nothing comes any more: everything that has not come may be asked for again.</summary>
    public void AskAgain()
    {
        for (var i = 0; i < _asked.Count; i++)
        {
            _asked[i] = (_asked[i].Offset, Instant.Zero + -(_slowest * 2), LostAfter);
        }
    }

    /// <summary>All bytes; call it once, when it is complete.</summary>
    public byte[] ToBytes()
    {
        if (_pieces.Length == 1)
        {
            return _pieces[0]!;
        }

        var bytes = new byte[Length];
        for (var i = 0; i < _pieces.Length; i++)
        {
            _pieces[i]!.CopyTo(bytes, (long)i * MapFrame.PieceBytes);
            _pieces[i] = null;
        }

        return bytes;
    }
}
