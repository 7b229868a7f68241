namespace Hearsay.Protocols.Node.Pieces;

/// <summary>A packet of which pieces are here, or that was whole and is remembered for those that come twice.</summary>
internal sealed class PieceAssembly(in NodeAddress from, in Piece first)
{
    private readonly int _last = first.Last;
    private byte[]? _bytes;
    private int _lastBytes;

    /// <summary>Where its pieces come from.</summary>
    public NodeAddress From { get; } = from;

    /// <summary>Its number.</summary>
    public ulong Number { get; } = first.Number;

    /// <summary>The pieces that are here.</summary>
    public ulong Here { get; private set; }

    /// <summary>When one came last.</summary>
    public Instant TouchedAt { get; set; }

    /// <summary>Whether all of it came.</summary>
    public bool IsWhole => Here == Piece.AllOf(_last);

    /// <summary>Takes a piece.</summary>
    /// <param name="piece">Which one.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="whole">The packet, if this was the last piece that was missing.</param>
    /// <returns>False if it is not of this packet.</returns>
    public bool TryTake(in Piece piece, ReadOnlySpan<byte> bytes, out ReadOnlyMemory<byte> whole)
    {
        whole = default;
        if (piece.Last != _last)
        {
            return false;
        }

        if ((Here & (1ul << piece.Index)) != 0)
        {
            return true;
        }

        _bytes ??= new byte[(_last + 1) * Piece.FullBytes];
        bytes.CopyTo(_bytes.AsSpan(piece.Index * Piece.FullBytes));
        _lastBytes = piece.Index == _last ? bytes.Length : _lastBytes;
        Here |= 1ul << piece.Index;
        if (IsWhole)
        {
            whole = _bytes.AsMemory(0, (_last * Piece.FullBytes) + _lastBytes);
            _bytes = null;
        }

        return true;
    }
}
