namespace Hearsay.Protocols;

/// <summary>
/// What aggregation sends. Every message begins with
/// <code>
///  id        8 bytes   of the exchange; an answer repeats it
///  epoch     8 bytes   of the sender; 0 if it knows none
///  elapsed   4 bytes   milliseconds the epoch has lasted at the sender
///  flags     1 byte    of a request: 1 sent before; of information: 1 knows the epoch; others ignored
/// </code>
/// and goes on, by type:
/// <code>
///  Ask           padding: room for the answer
///  Information   wants, definitions                          "I do not exchange with you, this is my epoch"
///  Request       leaders, sections, padding
///  Answer        sections, leaders, wants                    differences, or merged states where that is idempotent
///  Definitions   definitions
///
///  leaders       see LeaderMap; count 0 if the size is not measured
///  sections      count (1-2), each: aggregate (8), epochs since it was last used (1), length (1-2), state
///                length 0: known, but not taking part in this epoch
///  wants         count (1), each: an aggregate named in the request (8) whose definition is not known
///  definitions   count (1), each: epochs since last used (1), length (1-2), the definition
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

    /// <summary>The bytes of a section beside its state.</summary>
    public const int SectionHeadBytes = sizeof(ulong) + 1 + 2;

    /// <summary>The longest body that fits a datagram.</summary>
    public const int DatagramBytes = Envelope.MaximumDatagramBytes - Envelope.SizeBytes - Frame.HeaderBytes;

    /// <summary>The most aggregates wanted in one message.</summary>
    public const int MaximumWants = 8;

    /// <summary>The most definitions in one message.</summary>
    public const int MaximumDefinitions = 32;
}
