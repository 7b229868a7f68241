using Hearsay.Features.Contract;
using Hearsay.Protocols;

namespace Hearsay.Features.Maps.Asking;

/// <summary>
/// Answers nodes that hold no maps and ask for something of this node's: over requests, where the node has both.
/// </summary>
internal sealed class MapAskingFeature(GossipNodeOptions options) : INodeFeature
{
    /// <summary>What the list of features has of it.</summary>
    public static FeatureDescription Description { get; } = new(
        "map_asking",
        static options => MapsFeature.IsIn(options) ? new MapAskingFeature(options) : null,
        static _ => [],
        MapAskingMetrics.All);

    /// <summary>The calls of others; null before it is attached.</summary>
    public AskedCalls? Calls { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols => [];

    /// <inheritdoc/>
    public void Attach(FeatureHost host)
    {
        if (host.Features.Offered<IInnerRequests>() is not { } requests)
        {
            return;
        }

        var calls = new AskedCalls(new MapAnswers(host.Features.Find<MapsFeature>()!.Service), options.Time);
        Calls = calls;
        requests.Answer(
            MapCallFrame.Name, (from, request, cancellation) => calls.AnswerAsync(from.Id, request, cancellation));
    }

    /// <inheritdoc/>
    public Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Task.FromResult(LeaveResult.Nothing);

    /// <inheritdoc/>
    public void Complete(Exception? failure) => Calls?.Complete();
}
