namespace Hearsay.Protocols.Node.Pieces;

/// <summary>What takes pieces to their receiver.</summary>
internal interface IPieceCarrier
{
    /// <summary>The moment of the input being handled.</summary>
    Instant Now { get; }

    /// <summary>A number that nobody can foretell.</summary>
    ulong NextNonce();

    /// <summary>Sends one piece as a datagram.</summary>
    void SendPiece(in NodeAddress to, in Piece piece, ReadOnlySpan<byte> bytes);
}
