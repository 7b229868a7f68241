using Hearsay.Protocols.Security.Origins;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Rumors;

/// <summary>
/// The messages of rumor mongering (frame protocol 4). All numbers are big-endian.
/// <code>
///  1 Rumors     nonce 8, flags 1 (1 tell me which were new, 2 tell me yours, 4 this answers a request),
///               count 1, then count times:
///               origin 16, incarnation 8, sequence 4, age 2 (cycles), counter 1,
///               length 2 (0 to 1,000; 0xFFFF: without text, the other side has it), text
///               in mode identity: length counts the text and, behind it, the proof of who began the rumor (OriginProof
///               over origin, incarnation, sequence and text, for the purpose "hearsay rumor 1")
///  2 Pull       nonce 8, flags 1 (1 the contact goes on, with the nonce it began with), count 1, then count times:
///               key 8 of a rumor the asker knows. Zeros follow, so that the answer has room.
///  3 Feedback   nonce 8 of the message answered, flags 1 (1 turned away), room 2 (bytes a request must have, so that
///               the answer fits; 0 if all was said), count 1, then count times:
///               key 8, verdict 1 (128 it was new in this cycle; the other bits: the counter, at most 127)
///
///    push            teller ── Rumors(1) ──►             teller ◄── Feedback ──
///    pull            asker  ── Pull ──►                  asker  ◄── Rumors(1, 4) ──    asker ── Feedback ──►
///      not enough room for the answer                    asker  ◄── Feedback(room) ──  asker ── Pull(1), padded ──►
///    push-pull       teller ── Rumors(1, 2) ──►          teller ◄── Feedback ──  ◄── Rumors(1, 4) ──
///                    teller ── Feedback ──►
/// </code>
/// In mode identity a key is the beginning of SHA-256 of origin, incarnation and sequence, so that no member finds an
/// id of its own with the key of somebody else's rumor; 0 is 1 there too.
/// An answer is never longer than what it answers; what is too short to be answered is malformed. Every nonce is good
/// for one Feedback.
/// </summary>
internal static class RumorMessage
{
    public const byte Rumors = 1;
    public const byte Pull = 2;
    public const byte Feedback = 3;

    public const byte WantsFeedback = 1;
    public const byte WantsAnswer = 2;
    public const byte IsAnswer = 4;

    public const byte GoesOn = 1;

    public const byte TurnedAway = 1;

    public const byte WasNew = 128;
    public const byte LargestCounter = 127;

    public const ushort NoText = ushort.MaxValue;

    /// <summary>What one frame may have in a datagram.</summary>
    public const int MaximumBodyBytes = Envelope.MaximumDatagramBytes - FrameOverheadBytes;

    /// <summary>Envelope and frame head.</summary>
    public const int FrameOverheadBytes = Envelope.SizeBytes + Frame.HeaderBytes;

    public const int RumorsHeadBytes = 8 + 1 + 1;
    public const int EntryHeadBytes = NodeId.SizeBytes + 8 + 4 + 2 + 1 + 2;
    public const int FeedbackHeadBytes = 8 + 1 + 2 + 1;
    public const int VerdictBytes = 8 + 1;

    /// <summary>Rumors are at least this long, so that a refusal has room; those with one entry are.</summary>
    public const int LeastRumorsBytes = FeedbackHeadBytes;

    /// <summary>A request is at least this long, so that a refusal or a small rumor has room.</summary>
    public const int LeastPullBytes = 100;

    /// <summary>What the signature of a rumor covers before its text.</summary>
    public const int SignedHeadBytes = NodeId.SizeBytes + 8 + 4;

    /// <summary>What a proof of a rumor is for.</summary>
    public static ReadOnlySpan<byte> Purpose => "hearsay rumor 1"u8;

    /// <summary>The most keys in a request.</summary>
    public const int MaximumKeys = 128;
}
