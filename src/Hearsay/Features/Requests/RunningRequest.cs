using System.Diagnostics.CodeAnalysis;
using Hearsay.Diagnostics;
using Hearsay.Protocols.Requests;

namespace Hearsay.Features.Requests;

/// <summary>A request of another node while its handler runs.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without wait handles and timers it holds nothing to dispose.")]
internal sealed class RunningRequest(RequestService service, RequestArrival arrival, HandlerRegistration handler)
    : IThreadPoolWorkItem
{
    private static readonly AsyncLocal<RunningRequest?> s_current = new();

    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>The request whose handler has called this code, if one has.</summary>
    public static RunningRequest? Current => s_current.Value;

    /// <summary>Its name.</summary>
    public RequestKey Key => arrival.Key;

    /// <summary>Nobody waits any more. The application's callbacks run on the thread pool.</summary>
    public void Cancel() => _ = _cancelled.CancelAsync();

    /// <summary>Runs the handler.</summary>
    public void Execute() => _ = ExecuteAsync();

    private async Task ExecuteAsync()
    {
        AnswerCommand answer;
        s_current.Value = this;
        using var activity = NodeTracing.Answer(arrival.Name, arrival.Trace, arrival.From.Id, service.Self);
        try
        {
            var request = new PeerRequest(arrival.From, arrival.Name, arrival.Payload);
            var payload = await handler.Handler(request, _cancelled.Token).ConfigureAwait(false);
            if (payload.Length > RequestOptions.LargestPayloadBytes)
            {
                throw new InvalidOperationException(
                    $"An answer has at most {RequestOptions.LargestPayloadBytes} bytes, not {payload.Length}.");
            }

            answer = new AnswerCommand(Key, RequestStatus.Answered, payload);
        }
        catch (RequestRefusedException)
        {
            answer = new AnswerCommand(Key, RequestStatus.Busy, default);
        }
        catch (Exception error)
        {
            answer = new AnswerCommand(Key, RequestStatus.Failed, default);
            NodeTracing.Failed(activity, error);
            if (!_cancelled.IsCancellationRequested)
            {
                service.HandlerFailed(handler, error);
            }
        }

        await service.AnswerAsync(this, answer).ConfigureAwait(false);
    }
}
