using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Broadcast.Contracts;

/// <summary>
/// The frames of <see cref="BroadcastProtocol"/>. "Source" is the publisher's id (16 bytes) and incarnation (8); a name
/// is the 16 bytes of a <see cref="BroadcastId"/>. Every body begins with the number of the link that it is sent over
/// (8 bytes), and is taken only from the neighbour at its other end; messages and chunks also over a link that has
/// just closed. (Messages of <see cref="BroadcastMode.Fanout"/> go over no link: their number is 0.)
/// <code>
/// type  name         body behind the number
///  1    message      flags 1 (1 pulled, 2 repair, 4 late, 8 chunks follow, 16 all chunks are here), hops 1, age in
///                    0.1 ms 4, then what is hashed: source 24, sequence 8, kind 1 (1 large, 2 tracked, 4 traced,
///                    8 signed), topic length 1, topic, if traced: trace id 16, span id 8; payload; and if signed,
///                    which all messages of mode identity are: the proof of who published it, which is not hashed
///  2    have         names that are here: per name 16, then 1 (0x80 "pull at once", 0x40 "all chunks are here", low
///                    bits hops), then the low 16 bits of its sequence 2
///  3    want         names to be sent
///  4    gone         names that were wanted and are not held
///  5    graft        source: push me its messages from now on
///  6    prune        source: push me no more of them
///  7    coming       names that are being fetched for you
///  8    digest       1 byte (1 wants one back), then per source: 24, lowest sequence held 8, ranges 1, ranges of
///                    sequences known, ascending: start 8, further numbers 4
///  9    fetch        source, ranges 1, ranges: start 8, further numbers 2
/// 10    want chunks  name, indices 2 each, 0x8000 in one: only if it is here now
/// 11    chunk        name, index 2, bytes
/// 12    reach        name, nodes below the sender that have it 4
/// 13    farewell     I leave; have you what I published? 1 byte (1 if asked before: fetch what you lack), source,
///                    first sequence 8, further numbers 4
/// 14    lacking      answers it: flags 1 (1 I leave too, 2 there is more), source, ranges of those named that are
///                    not whole here: start 8, further numbers 4
/// 15    credit       flags 1 (1 a question, 2 an answer, 4 they pile up), messages sent 4, clock 4, the question that
///                    is answered: sent 4 and clock 4, messages that had come then 4
/// 16    no chunks    name, indices 2 each of what was wanted "now" and is not here
/// 17    orphan reach name, low half of the id of a node that lost who it had the message from 8, nodes at and below it
///                    that have it and that it had not told of 4, how often it said so before 1
///
/// A                 B                 C            A pushes to its child B and announces to C
/// |-- message ----->|                 |
/// |-- have ---------------------------|>
/// |                 |-- message ------|>  (first)  or, if that was lost:  C -- want --> A -- message --> C
/// |                 |&lt;-- prune -------|   (second copy)
/// </code>
/// A large message's payload is its manifest (<see cref="Transfer.TransferManifest"/>), and frames 10, 11, 16 and 4 are
/// those of a transfer (<see cref="Transfer.TransferFrame"/>). It spreads like any other message. Flag 8 says that its
/// first 32 chunks follow over this link; the others are asked for.
/// </summary>
internal static class BroadcastFrame
{
    public const byte Protocol = 3;

    public const byte Message = 1;
    public const byte Have = 2;
    public const byte Want = 3;
    public const byte Gone = 4;
    public const byte Graft = 5;
    public const byte Prune = 6;
    public const byte Coming = 7;
    public const byte Digest = 8;
    public const byte Fetch = 9;
    public const byte WantChunks = 10;
    public const byte Chunk = 11;
    public const byte Reach = 12;
    public const byte Farewell = 13;
    public const byte Lacking = 14;
    public const byte NoChunks = 16;
    public const byte Credit = 15;
    public const byte OrphanReach = 17;

    /// <summary>The number of the link, before everything else.</summary>
    public const int LinkBytes = 8;

    /// <summary>The longest body that fits a datagram, without the number of the link.</summary>
    public const int MaximumBodyBytes =
        Envelope.DatagramRoomBytes - Frame.HeaderBytes - LinkBytes;

    /// <summary>A name in a list of announcements.</summary>
    public const int HaveBytes = BroadcastId.SizeBytes + 1 + sizeof(ushort);

    /// <summary>Set in an announcement that asks to be pulled from at once.</summary>
    public const byte PullAtOnce = 0x80;

    /// <summary>Set in an announcement of a large message of which all chunks are here.</summary>
    public const byte Whole = 0x40;

    /// <summary>The hops in an announcement; more count as so many.</summary>
    public const byte MaximumHops = 0x3F;
}
