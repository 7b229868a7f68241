using Hearsay.Protocols.Requests;

namespace Hearsay;

/// <summary>
/// The options of requests: one node asks another and waits for its answer. Immutable; derive one record from another
/// with <c>with</c>.
/// </summary>
public sealed record RequestOptions
{
    /// <summary>The maximum length of a request and of an answer, in bytes.</summary>
    /// <remarks>A request or answer that does not fit one datagram of 1,200 bytes travels over a stream.</remarks>
    public const int LargestPayloadBytes = 60_000;

    /// <summary>
    /// The time that an asker waits for an answer, from the call on. The responder learns this time, and cancels a
    /// handler that has not answered by then. Lost messages are repeated much earlier.
    /// </summary>
    /// <value>Default 10 s. From 100 ms to 1 h.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The maximum number of requests of this node that wait for an answer. Further ones fail at once. At most 256 of
    /// them are to one peer.
    /// </summary>
    /// <value>Default 1,024. From 1 to 65,536.</value>
    public int MaximumOutstanding { get; init; } = 1_024;

    /// <summary>
    /// The maximum number of handlers that run on this node at a time. One asker may use a quarter of them. Further
    /// requests are answered "busy", and no handler runs for them. A handler counts until it has returned, even if it
    /// was cancelled.
    /// </summary>
    /// <value>Default 256. From 1 to 65,536.</value>
    public int MaximumConcurrent { get; init; } = 256;

    /// <summary>
    /// The maximum number of requests per second that this node handles for one asker. Further ones are answered
    /// "busy".
    /// </summary>
    /// <value>Default 20,000. From 1 to 1,000,000.</value>
    public int PerSecond { get; init; } = 20_000;

    /// <summary>
    /// Returns every error that makes the options unusable. Each message names the option and its range.
    /// </summary>
    /// <returns>The errors; empty if the options are valid.</returns>
    public IReadOnlyList<string> Errors() => RequestValidation.Errors(this);
}
