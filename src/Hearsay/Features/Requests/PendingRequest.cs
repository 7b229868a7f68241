using Hearsay.Protocols.Requests;

namespace Hearsay.Features.Requests;

/// <summary>A request of the application that waits for its end.</summary>
internal sealed class PendingRequest(
    RequestService service, Peer to, string name, byte[] nameBytes, ReadOnlyMemory<byte> payload, TimeSpan timeout)
    : OutgoingRequest(to, nameBytes, payload, timeout)
{
    private readonly TaskCompletionSource<PeerResponse> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the answer, or fails.</summary>
    public Task<PeerResponse> Task => _done.Task;

    /// <inheritdoc/>
    public override void Complete(RequestStatus status, ReadOnlySpan<byte> payload, TimeSpan elapsed)
    {
        service.Remove(this);
        if (status == RequestStatus.Answered)
        {
            _done.TrySetResult(new PeerResponse(payload.ToArray(), elapsed));
        }
        else
        {
            Fail(ToException(status, elapsed));
        }
    }

    /// <summary>Ends it with an error.</summary>
    public void Fail(Exception error)
    {
        if (_done.TrySetException(error))
        {
            _ = _done.Task.Exception; // Who waits gets it; nobody has to.
        }
    }

    /// <summary>Ends it because the application does not wait.</summary>
    public void CancelAt(CancellationToken cancellationToken)
    {
        if (_done.TrySetCanceled(cancellationToken))
        {
            service.Cancelled(this);
        }
    }

    private RequestException ToException(RequestStatus status, TimeSpan elapsed) => status switch
    {
        RequestStatus.NoHandler => new(
            RequestFailure.NoHandler, $"{To.Id} at {To.Address} has no handler for '{name}'."),
        RequestStatus.Busy => new(RequestFailure.Busy, $"{To.Id} at {To.Address} is busy and did not handle '{name}'."),
        RequestStatus.Failed => new(
            RequestFailure.HandlerFailed, $"The handler for '{name}' of {To.Id} at {To.Address} failed."),
        RequestStatus.Unreachable => new(
            RequestFailure.Unreachable, $"{To.Id} has no address that this node can reach."),
        RequestStatus.TooMany => new(
            RequestFailure.TooMany, "This node waits for too many answers; raise MaximumOutstanding or ask less."),
        RequestStatus.Forgotten => new(
            RequestFailure.NoAnswer, $"{To.Id} at {To.Address} restarted or gave the answer to '{name}' up."),
        _ => new(
            RequestFailure.NoAnswer,
            $"{To.Id} at {To.Address} did not answer '{name}' within {elapsed.TotalSeconds:0.0} s."),
    };
}
