using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Hubs;

/// <summary>A network that grows, of which every newcomer knows the first node only.</summary>
internal sealed class HubWorld(KnobValues knobs, ulong seed) : SamplingWorld(knobs, seed, TimeSpan.Zero)
{
    private static readonly TimeSpan GrowsEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>The number of nodes that know the hub, then what all such scenes show.</summary>
    public static IReadOnlyList<Metric> Metrics { get; } =
    [
        new("known by: node 0", "nodes", "How many running nodes have node 0 in their view."), .. StandardMetrics,
    ];

    /// <inheritdoc/>
    protected override int FirstNodes => 2;

    /// <inheritdoc/>
    public override bool IsMarked(int node) => node == 0;

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        frame.Add((double)InDegree(0));
        base.WriteMetrics(frame);
    }

    /// <inheritdoc/>
    protected override NodeAddress[] Contacts(ref SeededRandom random) =>
        Network.Nodes.Count == 0 ? [] : [VirtualNetwork.AddressOf(0)];

    /// <inheritdoc/>
    protected override void OnBegin()
    {
        var at = Instant.Zero;
        for (var node = Network.Nodes.Count; node < Knobs.Whole("nodes"); node++)
        {
            Plan(at += GrowsEvery, Join);
        }
    }
}
