using Hearsay.Protocols.Security.Origins;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Aggregation.Definitions;

/// <summary>
/// What aggregation sends. Every message begins with
/// <code>
///  id        8 bytes   of the exchange; an answer repeats it
///  epoch     8 bytes   of the sender; 0 if it knows none
///  elapsed   4 bytes   milliseconds the epoch has lasted at the sender
///  flags     1 byte    of a request: 1 sent before, 2 came too late for the epoch; of information: 1 knows the epoch;
///                      others ignored
/// </code>
/// and goes on, by type:
/// <code>
///  Ask           padding: room for the answer
///  Information   size, wants, definitions                    "I do not exchange with you, this is my epoch"
///  Request       leaders, sections, padding
///  Answer        sections, leaders, wants                    differences, or merged states where that is idempotent
///  Definitions   definitions                                 its id is the token of the wants it answers
///
///  size          about how many nodes there are (8) and how far that may be off (8); 0 and 0 if not known
///  leaders       see LeaderMap; count 0 if the size is not measured, and of who came too late
///  sections      count (2, 0x8000 added), each: aggregate (8), epochs since it was last used (1, only in a request),
///                part (1, AggregatePart), length (2, 0x8000 added), state
///                in a request: length 0 if known only, looked at, or left out this time
///                with flag 2 only part 2 is exchanged, and what others have from the beginning is shown
///                in an answer: part 3 is a look: the sender's error (8), its state as in a request; part 1 with
///                length 0 for a request of part 2: the sender has it from the beginning, and nothing to show yet
///  wants         count (1), if not 0: token (8), each: an aggregate named in the request (8) whose definition is not
///                known
///  definitions   count (1), each: epochs since last used (1), length (1-2), the definition
///                in mode identity: length counts the definition and, behind it, the proof of a member that uses it
///                (OriginProof over the definition, for the purpose "hearsay definition 1")
/// </code>
/// <code>
///    active, once a cycle                          passive
///     │ ── Request: id, epoch, states ────────────► │ other epoch: Information, or follow it
///     │                                             │ d = (theirs − own)/2; own += d
///     │                                             │ keep the answer under (peer, id)
///     │ ◄───────────────── Answer: id, epoch, d ── │
///     │ own −= d, once, if id and epoch are known    │
///     │ no answer: the same id again                 │ known id: the same answer again, nothing changes
/// </code>
/// </summary>
internal static class AggregationMessage
{
    /// <summary>The frame type "which epoch is it".</summary>
    public const byte Ask = 1;

    /// <summary>The frame type "this is my epoch".</summary>
    public const byte Information = 2;

    /// <summary>The frame type of a request to exchange.</summary>
    public const byte Request = 3;

    /// <summary>The frame type of the answer to a request.</summary>
    public const byte Answer = 4;

    /// <summary>The frame type of definitions that were asked for.</summary>
    public const byte Definitions = 5;

    /// <summary>The bytes that every message begins with.</summary>
    public const int HeaderBytes = 21;

    /// <summary>The bytes of a section of a request beside its state.</summary>
    public const int SectionHeadBytes = sizeof(ulong) + 1 + 1 + sizeof(ushort);

    /// <summary>The bytes of wants of so many aggregates.</summary>
    public static int WantBytes(int count) => 1 + (count == 0 ? 0 : (1 + count) * sizeof(ulong));

    /// <summary>The longest body that fits a datagram.</summary>
    public const int DatagramBytes = Envelope.DatagramRoomBytes - Frame.HeaderBytes;

    /// <summary>The longest body that is sent over a stream.</summary>
    public const int StreamBytes = 64_000;

    /// <summary>The most aggregates wanted in one message.</summary>
    public const int MaximumWants = 8;

    /// <summary>What a proof of a definition is for.</summary>
    public static ReadOnlySpan<byte> DefinitionPurpose => "hearsay definition 1"u8;

    /// <summary>The most definitions in one message.</summary>
    public const int MaximumDefinitions = 32;
}
