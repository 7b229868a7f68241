namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>
/// The frames of replicated maps (protocol 6).
/// <code>
///  A                                                B
///  │ ── Beat: maps with their roots, contexts ────► │   equal: nothing more
///  │ ◄── Beat of the maps that differ ───────────── │
///  │ ── Ask: which map, how, my context ──────────► │
///  │ ◄── Offer: how, its length, its first piece ── │   (and B asks A in the same way)
///  │ ── Fetch: which piece ───────────────────────► │   as long as there are more
///  │ ◄── Piece ──────────────────────────────────── │
///  │ ── Cells: which cells ───────────────────────► │   sketch only, until A knows what differs
///  │ ◄── Chunk ──────────────────────────────────── │
///  │ ── Want: symbols ────────────────────────────► │   sketch and digests: rows come as an Offer again
///  │ ── End ──────────────────────────────────────► │   B forgets the exchange
///
/// Beat    flags 1 (1 it is an answer), maps varint, for each: name, heartbeat (see <see cref="Heartbeat"/>);
///         if the sender has a clock: its milliseconds since 1970 8
/// name    length 1, UTF-8
/// Ask     nonce 8, name, mode 1, for mode 1: context; for mode 5, which not every node knows: context in brief
/// Offer   nonce 8, number of the offer varint, mode 1, length varint, first piece
/// Fetch   nonce 8, number of the offer varint, offset varint
/// Piece   nonce 8, number of the offer varint, offset varint, bytes
/// Cells   nonce 8, first cell varint, how many varint
/// Chunk   nonce 8, cells (see <see cref="Sketch.SketchCodec"/>)
/// Want    nonce 8, number of the offer varint, symbols varint, symbols 8 each
/// End     nonce 8, reason 1 (0 done, 1 too busy, 2 unknown, 3 it changed too much, 4 the difference is too large,
///         5 all that the other lacks is new and on its way by broadcast)
/// Has     nonce 8, name, dot: which events of that epoch the receiver has, from that number on
/// Had     nonce 8, opening 8, report (see <see cref="ReportCodec"/>): these, and the incarnation with which the node
///         started; who does not have the map has none
/// Folds   nonce 8, bits 1, 32 bits of the digest of each of 2^bits parts of the folded epochs, in answer to an Ask
///         with mode 5 whose digest is not the one here: the asker asks again, and lists the parts that differ
/// </code>
/// What is offered under number 0: with mode 1 or 5 a difference (see <see cref="Replica.DifferenceCodec"/>), else a
/// summary (see <see cref="Replica.SummaryCodec"/>), and after it with mode 2 a chunk of cells, with mode 3 the symbols
/// of 8 bytes, and with mode 4 the rows. Under higher numbers: the rows that were wanted. A piece has 32,768 bytes,
/// unless it is the last. The nonce is a random number that only the two ends know.
/// </summary>
internal static class MapFrame
{
    /// <summary>The protocol.</summary>
    public const byte Protocol = 6;

    public const byte Beat = 1;
    public const byte Ask = 2;
    public const byte Offer = 3;
    public const byte Fetch = 4;
    public const byte Piece = 5;
    public const byte Cells = 6;
    public const byte Chunk = 7;
    public const byte Want = 8;
    public const byte End = 9;

    /// <summary>10 and 11 were such a pair in which nodes without the event were silent.</summary>
    public const byte Has = 12;

    public const byte Had = 13;

    public const byte Folds = 14;

    /// <summary>The length of every piece but the last.</summary>
    public const int PieceBytes = 32_768;

    /// <summary>The longest body of a frame that goes in a datagram.</summary>
    public const int DatagramBytes = 1_150;

    /// <summary>The longest body of a frame.</summary>
    public const int MostBytes = 60_000;

    /// <summary>How many symbols one frame asks for.</summary>
    public const int MostWanted = 4_096;

    /// <summary>How many maps one heartbeat has.</summary>
    public const int MostBeats = 16;
}
