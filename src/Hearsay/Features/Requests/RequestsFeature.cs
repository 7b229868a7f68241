using Hearsay.Features.Contract;
using Hearsay.Protocols;
using Hearsay.Protocols.Requests;

namespace Hearsay.Features.Requests;

/// <summary>Requests to peers, and answers to theirs.</summary>
internal sealed class RequestsFeature : INodeFeature, IInnerRequests
{
    private RequestsFeature(GossipNodeOptions options, RequestOptions requests)
    {
        Service = new RequestService(options, requests);
        Protocol = new RequestProtocol(requests, Service);
        Protocols = [Protocol];
    }

    /// <summary>What the list of features has of it.</summary>
    public static FeatureDescription Description { get; } = new(
        "requests",
        static options => options.Requests is { } requests ? new RequestsFeature(options, requests) : null,
        static options => (options.Requests?.Errors() ?? []).Select(static error => "Requests." + error),
        RequestsMetrics.All);

    /// <summary>The protocol.</summary>
    public RequestProtocol Protocol { get; }

    /// <summary>What the application uses.</summary>
    public RequestService Service { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <inheritdoc/>
    public void Attach(FeatureHost host) => Service.Attach(host.Loop, host.Log);

    /// <inheritdoc/>
    public void Answer(
        string name, Func<Peer, ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> answer) =>
        Service.HandleInner(name, (request, cancellation) => answer(request.From, request.Payload, cancellation));

    /// <inheritdoc/>
    public Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Service.HandOverAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public void Complete(Exception? failure) => Service.Complete();
}
