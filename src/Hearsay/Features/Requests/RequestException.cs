namespace Hearsay;

/// <summary>A request to a peer has no answer.</summary>
public sealed class RequestException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="failure">Why there is no answer.</param>
    /// <param name="message">The message.</param>
    public RequestException(RequestFailure failure, string message)
        : base(message) => Failure = failure;

    /// <summary>Why there is no answer.</summary>
    public RequestFailure Failure { get; }

    /// <summary>Whether the handler may have run.</summary>
    public bool MayHaveRun => Failure is RequestFailure.NoAnswer or RequestFailure.HandlerFailed;

    /// <summary>
    /// Whether the same request may succeed later. If <see cref="MayHaveRun"/> is true as well, repeat it only if the
    /// handler may run twice.
    /// </summary>
    public bool IsTransient => Failure is not (RequestFailure.NoHandler or RequestFailure.HandlerFailed);
}
