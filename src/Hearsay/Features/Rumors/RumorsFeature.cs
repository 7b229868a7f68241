using Hearsay.Features.Contract;
using Hearsay.Protocols;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Features.Rumors;

/// <summary>Rumor mongering.</summary>
internal sealed class RumorsFeature : INodeFeature
{
    private readonly RumorService _service;

    private RumorsFeature(GossipNodeOptions options, RumorOptions rumors)
    {
        Protocol = new RumorProtocol(rumors);
        _service = new RumorService(options.Time, rumors, Protocol, LargestPayloadOf(options.Security));
        Facade = new NodeRumors(_service);
        Protocols = [Protocol];
    }

    /// <summary>What the list of features has of it.</summary>
    public static FeatureDescription Description { get; } = new(
        "rumors",
        static options => options.Rumors is { } rumors ? new RumorsFeature(options, rumors) : null,
        static options => (options.Rumors?.Errors() ?? []).Select(static error => "Rumors." + error),
        RumorsMetrics.All);

    /// <summary>The protocol.</summary>
    public RumorProtocol Protocol { get; }

    /// <summary>What the application uses.</summary>
    public NodeRumors Facade { get; }

    /// <summary>Rumors that subscribers were told they missed.</summary>
    public long Missed => _service.Missed;

    /// <inheritdoc/>
    public IReadOnlyList<IProtocol> Protocols { get; }

    /// <summary>In mode identity a proof shares the datagram with the payload.</summary>
    private static int LargestPayloadOf(ClusterSecurity security) =>
        security.IsIdentity ? RumorOptions.LargestSignedPayloadBytes : RumorOptions.LargestPayloadBytes;

    /// <inheritdoc/>
    public void Attach(FeatureHost host) => _service.Attach(host);

    /// <inheritdoc/>
    public void OnEvent(byte protocol, object happened)
    {
        if (happened is RumorHeard heard)
        {
            _service.Deliver(heard);
        }
    }

    /// <inheritdoc/>
    public Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _service.HandOverAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public void Complete(Exception? failure) => _service.Complete(failure);
}
