namespace Hearsay;

/// <summary>
/// A handler of requests throws this exception, before it does anything, when it cannot take a request now. The asker
/// gets <see cref="RequestFailure.Busy"/>. Hearsay itself never throws it, so a failure inside the handler is never
/// mistaken for a refusal.
/// </summary>
public sealed class RequestRefusedException : HearsayException
{
    /// <summary>Creates an exception.</summary>
    public RequestRefusedException()
        : base("The handler cannot take the request now.", isTransient: true)
    {
    }
}
