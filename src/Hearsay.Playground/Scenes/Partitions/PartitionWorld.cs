using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Partitions;

/// <summary>A network whose halves are cut off from each other for some time.</summary>
internal sealed class PartitionWorld(KnobValues knobs, ulong seed)
    : SamplingWorld(knobs, seed, TimeSpan.FromSeconds(10))
{
    private static readonly Instant CutAt = Instant.Zero + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CutFor = TimeSpan.FromSeconds(40);

    /// <summary>Links across the gap, then what all such scenes show.</summary>
    public static IReadOnlyList<Metric> Metrics { get; } =
    [
        new("links across the gap", "%", "Entries of views that lead to the other half; about half without a cut."),
        .. StandardMetrics,
    ];

    /// <inheritdoc/>
    protected override PeerSamplingOptions Sampling =>
        base.Sampling with { RecontactCycles = Knobs.Whole("recontact") };

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        var (across, all) = Across(Network.Nodes[node]);
        frame.Add(all == 0 ? 0 : 100.0 * across / all);
        WriteViewValues(node, frame);
    }

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var (across, all) = (0, 0);
        foreach (var node in Network.Nodes.Where(static node => node.IsUp))
        {
            var (some, of) = Across(node);
            (across, all) = (across + some, all + of);
        }

        frame.Add(all == 0 ? 0 : 100.0 * across / all);
        base.WriteMetrics(frame);
    }

    /// <inheritdoc/>
    protected override void OnBegin() => Plan(CutAt, () => Injure(new Fault(
        FaultKind.Split, Instant.Zero, [.. Enumerable.Range(0, Network.Nodes.Count / 2)], CutFor, 0)));

    private (int Across, int All) Across(VirtualNode node)
    {
        var half = Knobs.Whole("nodes") / 2;
        var (across, all) = (0, 0);
        foreach (var handle in node.Core.Sampling.Handles)
        {
            var to = Recorder.IndexOf(node.Core.State.Table[handle].Addresses.Primary);
            if (to >= 0)
            {
                (across, all) = (across + (to < half == node.Index < half ? 0 : 1), all + 1);
            }
        }

        return (across, all);
    }
}
