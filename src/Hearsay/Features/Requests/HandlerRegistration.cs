namespace Hearsay.Features.Requests;

/// <summary>The handler of a name.</summary>
internal sealed class HandlerRegistration(RequestService service, string name, RequestHandler handler) : IDisposable
{
    private int _failed;

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The application's.</summary>
    public RequestHandler Handler => handler;

    /// <summary>Whether this is the first error of the handler, which is logged.</summary>
    public bool IsFirstFailure => Interlocked.Exchange(ref _failed, 1) == 0;

    /// <summary>Answers no more.</summary>
    public void Dispose() => service.Remove(this);
}
