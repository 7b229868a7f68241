namespace Hearsay.Protocols.Sampling.Exchange;

/// <summary>
/// The frames of the peer sampling protocol (protocol byte 1).
/// <code>
///   node A                                       node B
///     |                                            |
///     |-- Request: nonce, expected id, mode,       |
///     |   own descriptor + half of the view  -----&gt;|  answer prepared, then merged, then ages + 1
///     |&lt;---- Reply: nonce, A's address as seen,    |
///     |      own descriptor + half of the view ----|
///     |  merged; ages + 1 once per cycle           |
///     |                                            |
///     |-- Leave: incarnation ---------------------&gt;|  out of the view, not taken back
///     |-- MetadataRequest: nonce, expected id ----&gt;|
///     |&lt;---- Metadata: nonce, incarnation, bytes --|
///     |-- Walk: hops, newcomer's descriptor ------&gt;|  Cyclon's join: forwarded at random; where it ends,
///     |                                            |  one entry gives way to the newcomer ...
///   newcomer &lt;---- Gift: that entry ---------------|  ... and goes to it
///     |                                            |
///     |-- Request of another cluster, or under     |
///     |   B's own id -----------------------------&gt;|
///     |&lt;---- Refusal: nonce, reason, uptime -------|  at most one a second of each reason
/// </code>
/// </summary>
internal static class SamplingMessage
{
    /// <summary>The protocol byte of peer sampling.</summary>
    public const byte Protocol = 1;

    /// <summary>Asks for an exchange. Body: <see cref="ExchangeRequest"/>, then descriptors.</summary>
    public const byte Request = 1;

    /// <summary>Answers or acknowledges an exchange. Body: <see cref="ExchangeReply"/>, then descriptors.</summary>
    public const byte Reply = 2;

    /// <summary>Reports that the sender leaves. Body: its incarnation, 8 bytes.</summary>
    public const byte Leave = 3;

    /// <summary>Asks a node for its metadata. Body: nonce 8, expected id 16.</summary>
    public const byte MetadataRequest = 4;

    /// <summary>Carries the metadata of the sender. Body: nonce 8, incarnation 8, length 2, bytes.</summary>
    public const byte Metadata = 5;

    /// <summary>Carries the random walk of a newcomer. Body: hops left 1, then the newcomer's descriptor.</summary>
    public const byte Walk = 6;

    /// <summary>Gives a newcomer an entry where a walk ended. Body: one descriptor.</summary>
    public const byte Gift = 7;

    /// <summary>
    /// Refuses a request. Body: <see cref="ExchangeRefusal"/>. It is sealed with the label of the sender's cluster.
    /// </summary>
    public const byte Refusal = 8;
}
