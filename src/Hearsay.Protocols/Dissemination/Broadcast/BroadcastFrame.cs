namespace Hearsay.Protocols;

/// <summary>
/// The frames of <see cref="BroadcastProtocol"/>. "Source" is the publisher's id (16 bytes) and incarnation (8); a name
/// is the 16 bytes of a <see cref="BroadcastId"/>. All are sent to neighbours, and taken from neighbours only.
/// <code>
/// type  name         body
///  1    message      flags 1 (1 pulled, 2 repair, 4 late, 8 chunks follow), hops 1, age in 0.1 ms 4, then what is
///                    hashed: source 24, sequence 8, kind 1 (1 large, 2 tracked), topic length 1, topic, payload
///  2    have         names that are here: per name 16, then 1 (0x80 "pull at once", low bits hops), then the low 16
///                    bits of its sequence 2
///  3    want         names to be sent
///  4    gone         names that were wanted and are not held
///  5    graft        source: push me its messages from now on
///  6    prune        source: push me no more of them
///  7    coming       names that are being fetched for you
///  8    digest       1 byte (1 wants one back), then per source: 24, lowest sequence held 8, ranges 1, ranges of
///                    sequences known, ascending: start 8, further numbers 4
///  9    fetch        source, ranges 1, ranges: start 8, further numbers 2
/// 10    want chunks  name, indices 2 each
/// 11    chunk        name, index 2, bytes
/// 12    reach        name, nodes below the sender that have it 4
/// 15    credit       flags 1 (1 a question, 2 an answer, 4 they pile up), messages sent 4, clock 4, the question that is answered:
///                    sent 4 and clock 4, messages that had come then 4
///
/// A                 B                 C            A pushes to its child B and announces to C
/// |-- message ----->|                 |
/// |-- have ---------------------------|>
/// |                 |-- message ------|>  (first)  or, if that was lost:  C -- want --> A -- message --> C
/// |                 |&lt;-- prune -------|   (second copy)
/// </code>
/// A large message's payload is its length (4), the length of a chunk (4) and the first 16 bytes of SHA-256 of every
/// chunk. It spreads like any other message. Flag 8 says that its first 32 chunks follow over this link; the others are
/// asked for.
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
    public const byte Credit = 15;

    /// <summary>The longest body that fits a datagram.</summary>
    public const int MaximumBodyBytes = Envelope.MaximumDatagramBytes - Envelope.SizeBytes - Frame.HeaderBytes;

    /// <summary>A name in a list of announcements.</summary>
    public const int HaveBytes = BroadcastId.SizeBytes + 1 + sizeof(ushort);

    /// <summary>Set in an announcement that asks to be pulled from at once.</summary>
    public const byte PullAtOnce = 0x80;
}
