namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>
/// Bytes that are fetched piece by piece, in any order. Memory is taken as pieces come and not as a peer says that they
/// will.
/// </summary>
/// <param name="length">How many bytes there will be, within the bounds of the caller.</param>
internal sealed class Intake(long length)
{
    private readonly byte[]?[] _pieces =
        new byte[]?[(int)((length + MapFrame.PieceBytes - 1) / MapFrame.PieceBytes)];

    private int _taken;
    private int _firstMissing;

    /// <summary>How many bytes there will be.</summary>
    public long Length { get; } = length;

    /// <summary>Whether all pieces are here.</summary>
    public bool IsComplete => _taken == _pieces.Length;

    /// <summary>Takes a piece; false if it is none that is missing, or has a wrong length.</summary>
    public bool Take(long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset < 0 || offset >= Length || offset % MapFrame.PieceBytes != 0
            || bytes.Length != Math.Min(MapFrame.PieceBytes, Length - offset)
            || _pieces[(int)(offset / MapFrame.PieceBytes)] is not null)
        {
            return false;
        }

        _pieces[(int)(offset / MapFrame.PieceBytes)] = bytes.ToArray();
        _taken++;
        while (_firstMissing < _pieces.Length && _pieces[_firstMissing] is not null)
        {
            _firstMissing++;
        }

        return true;
    }

    /// <summary>The offsets of the first pieces that are missing.</summary>
    /// <param name="into">Takes them, as many as it holds.</param>
    /// <returns>How many there are.</returns>
    public int Missing(Span<long> into)
    {
        var count = 0;
        for (var i = _firstMissing; i < _pieces.Length && count < into.Length; i++)
        {
            if (_pieces[i] is null)
            {
                into[count++] = (long)i * MapFrame.PieceBytes;
            }
        }

        return count;
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
