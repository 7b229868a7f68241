namespace Hearsay.Features.Maps.Asking;

/// <summary>Cuts the bytes of answers into pieces.</summary>
internal sealed class PieceReader
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>What an answer has.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var held = _end - _start;
        if (_bytes.Length - _end < bytes.Length)
        {
            var room = held + bytes.Length <= _bytes.Length ? _bytes : new byte[Math.Max(
                2 * _bytes.Length, held + bytes.Length)];
            _bytes.AsSpan(_start, held).CopyTo(room);
            (_bytes, _start, _end) = (room, 0, held);
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Takes a piece, if a whole one has come. It is valid until the next call.</summary>
    /// <exception cref="MapAnswerException">It is too long, or empty.</exception>
    public bool TryTake(out ReadOnlyMemory<byte> piece)
    {
        var held = _bytes.AsMemory(_start, _end - _start);
        var length = MapCallFrame.LengthOfPiece(held.Span);
        if (length is 0 or > MapPiece.LongestBytes)
        {
            throw new MapAnswerException();
        }

        if (length < 0 || held.Length - MapPiece.LengthBytes < length)
        {
            piece = default;
            return false;
        }

        piece = held.Slice(MapPiece.LengthBytes, (int)length);
        _start += MapPiece.LengthBytes + (int)length;
        return true;
    }

    /// <summary>Nothing more comes.</summary>
    /// <exception cref="MapAnswerException">A piece is cut short.</exception>
    public void End()
    {
        if (_start != _end)
        {
            throw new MapAnswerException();
        }
    }
}
