using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>
/// Bytes that a peer fetches piece by piece: a head, and rows that are encoded only when they are fetched. The same
/// piece is always the same.
/// </summary>
internal sealed class Served
{
    private readonly byte[] _head;
    private readonly MapRow[] _rows;

    /// <summary>Where each row ends.</summary>
    private readonly long[] _ends;
    private byte[] _encoded = [];
    private int _encodedRow = -1;

    public Served(byte[] head, IReadOnlyCollection<MapRow> rows)
    {
        (_head, _rows, _ends) = (head, [.. rows], new long[rows.Count]);
        long end = head.Length;
        for (var i = 0; i < _rows.Length; i++)
        {
            end += RowCodec.BytesOf(_rows[i]);
            _ends[i] = end;
        }

        Length = end;
    }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>Copies bytes from an offset on; returns how many.</summary>
    public int Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset >= Length)
        {
            return 0;
        }

        var count = (int)Math.Min(into.Length, Length - offset);
        for (var at = 0; at < count;)
        {
            at += ReadSome(offset + at, into[at..count]);
        }

        return count;
    }

    private int ReadSome(long offset, Span<byte> into)
    {
        if (offset < _head.Length)
        {
            var piece = _head.AsSpan((int)offset);
            piece = piece[..Math.Min(piece.Length, into.Length)];
            piece.CopyTo(into);
            return piece.Length;
        }

        var found = Array.BinarySearch(_ends, offset);
        var row = found < 0 ? ~found : found + 1;
        var start = row == 0 ? _head.Length : _ends[row - 1];
        var bytes = Encoded(row).AsSpan((int)(offset - start), (int)(_ends[row] - offset));
        bytes = bytes[..Math.Min(bytes.Length, into.Length)];
        bytes.CopyTo(into);
        return bytes.Length;
    }

    private byte[] Encoded(int row)
    {
        if (_encodedRow != row)
        {
            var length = RowCodec.BytesOf(_rows[row]);
            if (_encoded.Length < length)
            {
                _encoded = new byte[Math.Max(length, 256)];
            }

            var writer = new WireWriter(_encoded);
            RowCodec.Write(ref writer, _rows[row]);
            _encodedRow = row;
        }

        return _encoded;
    }
}
