namespace Hearsay.Protocols;

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
public static class SamplingMessage
{
    /// <summary>The protocol byte.</summary>
    public const byte Protocol = 1;

    /// <summary>Asks for an exchange; body: <see cref="ExchangeRequest"/>, then descriptors.</summary>
    public const byte Request = 1;

    /// <summary>Answers or acknowledges; body: <see cref="ExchangeReply"/>, then descriptors.</summary>
    public const byte Reply = 2;

    /// <summary>The sender leaves; body: its incarnation, 8 bytes.</summary>
    public const byte Leave = 3;

    /// <summary>Asks the owner for its metadata; body: nonce 8, expected id 16.</summary>
    public const byte MetadataRequest = 4;

    /// <summary>The owner's metadata; body: nonce 8, incarnation 8, length 2, bytes.</summary>
    public const byte Metadata = 5;

    /// <summary>A newcomer's random walk; body: hops left 1, then its descriptor.</summary>
    public const byte Walk = 6;

    /// <summary>What a newcomer gets where a walk ended; body: one descriptor.</summary>
    public const byte Gift = 7;

    /// <summary>
    /// Why a request is not answered; body: <see cref="ExchangeRefusal"/>. Sealed with the asker's own cluster label.
    /// </summary>
    public const byte Refusal = 8;
}
