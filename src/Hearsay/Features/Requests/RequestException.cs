namespace Hearsay;

/// <summary>A request to a peer has no answer.</summary>
/// <remarks>
/// If <see cref="HearsayException.IsTransient"/> is true, the same request may succeed later. If
/// <see cref="MayHaveRun"/> is true as well, repeat it only if the handler may run twice.
/// </remarks>
public sealed class RequestException : HearsayException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="failure">Why there is no answer.</param>
    /// <param name="message">The message.</param>
    public RequestException(RequestFailure failure, string message)
        : base(message, failure is not (RequestFailure.NoHandler or RequestFailure.HandlerFailed)) => Failure = failure;

    /// <summary>Why there is no answer.</summary>
    public RequestFailure Failure { get; }

    /// <summary>Whether the handler may have run.</summary>
    public bool MayHaveRun => Failure is RequestFailure.NoAnswer or RequestFailure.HandlerFailed;
}
