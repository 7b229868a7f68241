using Hearsay.Features.Contract;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Features.Topics;

/// <summary>Topics: broadcast, over stable neighbours.</summary>
internal sealed class TopicsFeature : INodeFeature, IMessageCarrier
{
    private readonly string _cluster;
    private FeatureHost? _host;

    private TopicsFeature(GossipNodeOptions options, BroadcastOptions broadcast)
    {
        Neighbours = new NeighboursProtocol(options.Neighbours);
        Waiters = new NeighbourWaiters(Neighbours);
        _cluster = options.Cluster;
        Service = new TopicService(options.Time, broadcast);
        LongestBytes = broadcast.MaximumPayloadBytes;
        Broadcast = new BroadcastProtocol(broadcast, Neighbours, Service);
        Protocols = [Neighbours, Broadcast];
    }

    /// <summary>What the list of features has of it.</summary>
    public static FeatureDescription Description { get; } = new(
        "topics",
        static options => options.Broadcast is { } broadcast ? new TopicsFeature(options, broadcast) : null,
        Errors,
        TopicsMetrics.All);

    /// <summary>The stable neighbours that broadcast stands on.</summary>
    public NeighboursProtocol Neighbours { get; }

    /// <summary>Those who wait for neighbours.</summary>
    public NeighbourWaiters Waiters { get; }

    /// <summary>The protocol of the messages.</summary>
    public BroadcastProtocol Broadcast { get; }

    /// <summary>The application's side of it.</summary>
    public TopicService Service { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <inheritdoc/>
    public IReadOnlyList<FeatureHistogram> Histograms => Service.Delays is { } delays ? [delays.Histogram] : [];

    /// <inheritdoc/>
    public int LongestBytes { get; }

    /// <inheritdoc/>
    public INeighbours Links => Neighbours;

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload) =>
        Broadcast.TryPublish(topic, payload, out _, isRepaired: false) == PublishOutcome.Published;

    /// <inheritdoc/>
    public void Listen(byte[] topic, IBroadcastSink sink) => Service.Listen(topic, sink);

    /// <inheritdoc/>
    public void Attach(FeatureHost host)
    {
        _host = host;
        Service.Attach(host, Broadcast, _cluster);
    }

    /// <inheritdoc/>
    public async Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var result = await Service.HandOverAsync(limit, cancellationToken).ConfigureAwait(false);
        if (result.NotHandedOver.Count > 0 && Neighbours.Counters.LinksUp > 0)
        {
            _host?.Log.NotHandedOver(result.NotHandedOver.Count);
        }

        return result;
    }

    /// <inheritdoc/>
    public void Complete(Exception? failure)
    {
        Service.Complete(failure);
        Waiters.Complete(() => Service.Ended);
    }

    private static IEnumerable<string> Errors(GossipNodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Neighbours);
        return
        [
            .. NeighbourValidation.Errors(options.Neighbours).Select(static error => "Neighbours." + error),
            .. (options.Broadcast?.Errors() ?? []).Select(static error => "Broadcast." + error),
        ];
    }
}
