using Hearsay.Features.Contract;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Features.Maps;

/// <summary>Replicated maps: anti-entropy, and broadcast for what is new.</summary>
internal sealed class MapsFeature : INodeFeature, IEventCarrier, IBroadcastSink
{
    /// <summary>The topic of events. It begins with a zero, so that no topic of people is hit by accident.</summary>
    private static readonly byte[] s_topic = [.. "\0maps"u8];

    private IMessageCarrier? _carrier;
    private NodeLoop? _loop;

    private MapsFeature(GossipNodeOptions options, MapOptions maps)
    {
        Service = new MapService(options.Time, maps, options.MapStorage);
        Protocol = new AntiEntropyProtocol(maps, Service, this);
        Protocols = [Protocol];
    }

    /// <summary>What the list of features has of it.</summary>
    public static FeatureDescription Description { get; } = new(
        "maps",
        static options => options.Maps is { } maps ? new MapsFeature(options, maps) : null,
        static options => (options.Maps?.Errors() ?? []).Select(static error => "Maps." + error),
        MapsMetrics.All);

    /// <summary>Whether a node with these options holds maps.</summary>
    public static bool IsIn(GossipNodeOptions options) => options.Maps is not null;

    /// <summary>The protocol.</summary>
    public AntiEntropyProtocol Protocol { get; }

    /// <summary>The application's side of it.</summary>
    public MapService Service { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <summary>How long ago the map that is furthest behind was last known to have what a peer has.</summary>
    public TimeSpan Lag => _loop is { } loop && Protocol.OldestComparison is var at && at != Instant.Never
        && loop.Now is var now && now > at ? now - at : TimeSpan.Zero;

    /// <inheritdoc/>
    public int LongestBytes => _carrier?.LongestBytes ?? 0;

    /// <inheritdoc/>
    public void Attach(FeatureHost host)
    {
        _loop = host.Loop;
        Service.Attach(host.Loop, Protocol, host.Log);
        _carrier = host.Features.Offered<IMessageCarrier>();
        if (_carrier is { } carrier)
        {
            carrier.Listen(s_topic, this);
            Protocol.Follow(carrier.Links);
        }
    }

    /// <inheritdoc/>
    public bool TryCarry(ReadOnlyMemory<byte> payload) =>
        _carrier?.TrySend(s_topic, payload.Span) ?? false;

    /// <inheritdoc/>
    public void Deliver(in BroadcastMessage message) => Protocol.Hear(message.Payload);

    /// <inheritdoc/>
    public Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Service.HandOverAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public void Complete(Exception? failure) => Service.Complete(failure);
}
