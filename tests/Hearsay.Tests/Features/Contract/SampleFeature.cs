using Hearsay.Features.Contract;
using Hearsay.Loop;
using Hearsay.Protocols;

namespace Hearsay.Tests.Features.Contract;

/// <summary>
/// The smallest feature there can be: it says hello to a peer once a second and counts who said it here. All there is
/// to it is this file and a line of a list.
/// </summary>
internal sealed class SampleFeature : INodeFeature, IProtocol
{
    public const byte ProtocolId = 100;

    public static FeatureDescription Description { get; } = new(
        "sample",
        static options => options.Metadata.Span.SequenceEqual("off"u8) ? null : new SampleFeature(),
        static options => options.Cluster == "nowhere" ? ["Cluster must be somewhere, not nowhere."] : [],
        [
            FeatureMetric.Count<SampleFeature>(
                "sample.heard", "{hello}", "Hellos heard.", ("sample.from", "anyone"), static sample => sample.Heard),
            FeatureMetric.Level<SampleFeature>("sample.here", "{node}", "Nodes here.", null, static _ => 1),
        ]);

    public FeatureHost? Host { get; private set; }

    public long Heard { get; private set; }

    public List<object> Events { get; } = [];

    /// <summary>What it was told when the node left, and when it had stopped, in that order.</summary>
    public List<string> Ends { get; } = [];

    public NodeEnding? Ending => Host?.Loop.Ending;

    public IReadOnlyList<IProtocol> Protocols => [this];

    byte IProtocol.Id => ProtocolId;

    public void Attach(FeatureHost host) => Host = host;

    public void OnEvent(byte protocol, object happened) => Events.Add((protocol, happened));

    public Task<LeaveResult> HandOverAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Ends.Add($"leaves within {limit}");
        return Task.FromResult(new LeaveResult { IsKnown = true, NotHandedOver = [new BroadcastId(7, 7)] });
    }

    public void Complete(Exception? failure) => Ends.Add(failure?.GetType().Name ?? "stopped");

    void IProtocol.Start(IProtocolContext context) => context.Schedule(TimeSpan.FromMilliseconds(20), 0);

    void IProtocol.OnDue(IProtocolContext context, long token)
    {
        context.Schedule(TimeSpan.FromMilliseconds(20), 0);
        if (context.Peers.TryGetPeer(out var peer))
        {
            context.Send(peer, 1, "hello"u8);
        }
    }

    void IProtocol.Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        Heard++;
        context.Publish("hello");
    }
}
