namespace Hearsay;

/// <summary>
/// A handler of requests throws it, before it does anything, when it cannot take a request now. The asker gets
/// <see cref="RequestFailure.Busy"/>. Hearsay itself throws it nowhere, so an error of something that the handler
/// called is never taken for a refusal.
/// </summary>
public sealed class RequestRefusedException : HearsayException
{
    /// <summary>Creates an exception.</summary>
    public RequestRefusedException()
        : base("The handler cannot take the request now.", isTransient: true)
    {
    }
}
