using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;

namespace Hearsay.Playground.Worlds;

/// <summary>Nodes that run peer sampling alone; the links are the views, with their ages.</summary>
internal class SamplingWorld : World
{
    private readonly TimeSpan _joinsApart;
    private OverlayMetrics? _metrics;
    private Instant _measuredAt = new(long.MinValue);

    /// <summary>A network that has run for some time.</summary>
    public SamplingWorld(KnobValues knobs, ulong seed, TimeSpan warmup)
        : base(knobs, seed, knobs.Whole("nodes"), warmup) =>
        _joinsApart = TimeSpan.FromMilliseconds(warmup > TimeSpan.Zero ? 5 : 0);

    /// <summary>A network whose nodes the scene adds itself.</summary>
    protected SamplingWorld(KnobValues knobs, ulong seed, int nodes, LinkModel links)
        : base(knobs, seed, nodes, TimeSpan.Zero, links)
    {
    }

    /// <summary>Metrics of every such scene.</summary>
    public static IReadOnlyList<Metric> StandardMetrics { get; } =
    [
        new("in-degree deviation", "", "How unevenly nodes are known; a random graph of this size has about √c."),
        new("clustering", "", "How many of a node's neighbours know each other; random: about c times 2 / nodes."),
        new("dead links", "%", "Entries of views that lead to nodes that do not run."),
        new("mean age", "cycles", "How old what the views say is on average."),
        new("path length", "hops", "How far nodes are from each other on average."),
        new("largest part", "%", "How many of the running nodes are connected through views."),
    ];

    /// <summary>Values of every such scene.</summary>
    public static IReadOnlyList<NodeValue> StandardValues(double mostDegree) =>
    [
        new("in-degree", "ramp", 0, mostDegree),
        new("view size", "none", 0, 0),
        new("mean age", "none", 0, 0),
    ];

    /// <summary>The options of a node.</summary>
    protected virtual PeerSamplingOptions Sampling => SamplingKnobs.Options(Knobs);

    /// <inheritdoc/>
    protected override TimeSpan JoinsApart => _joinsApart;

    /// <inheritdoc/>
    public override void Join()
    {
        var random = SeededRandom.For(Seed, (ulong)Network.Nodes.Count, 0, 0xC0);
        Network.Add(Sampling, Contacts(ref random));
    }

    /// <summary>The contacts of a new node.</summary>
    protected virtual NodeAddress[] Contacts(ref SeededRandom random) => SeedContacts.Of(Network, ref random);

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        frame.Add(Network.Nodes[node].IsUp ? (double)InDegree(node) : 0);
        WriteViewValues(node, frame);
    }

    /// <summary>The size of a node's view, and the mean age in it.</summary>
    protected void WriteViewValues(int node, FrameWriter frame)
    {
        var sampling = Network.Nodes[node].Core.Sampling;
        var sum = 0;
        foreach (var age in sampling.Ages)
        {
            sum += age;
        }

        var isUp = Network.Nodes[node].IsUp;
        frame.Add((double)(isUp ? sampling.Ages.Length : 0));
        frame.Add(isUp && sampling.Ages.Length > 0 ? (double)sum / sampling.Ages.Length : 0);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame) => ViewLinks.Write(this, node, frame);

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var metrics = Measure();
        frame.Add(metrics.InDegreeDeviation);
        frame.Add(metrics.Clustering);
        frame.Add(metrics.Links + metrics.DeadLinks == 0
            ? 0 : 100.0 * metrics.DeadLinks / (metrics.Links + metrics.DeadLinks));
        frame.Add(MeanAge());
        frame.Add(metrics.PathLength);
        frame.Add(metrics.Nodes == 0 ? 0 : 100.0 * metrics.LargestComponent / metrics.Nodes);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, string Value)> Describe(int node) =>
        base.Describe(node).Append(("round trip", $"{Network.Nodes[node].Core.RoundTrip.TotalMilliseconds:0} ms"));

    /// <summary>The overlay, measured at most ten times a second, of many nodes once.</summary>
    protected OverlayMetrics Measure()
    {
        var apart = TimeSpan.FromMilliseconds(Network.Nodes.Count > 100 ? 1000 : 100);
        if (_metrics is null || Now - _measuredAt >= apart || Now < _measuredAt)
        {
            _measuredAt = Now;
            Recorder.NoteAddresses();
            Graph = OverlayGraph.FromViews(
                [.. Network.Nodes.Select(node => node.IsUp ? ViewOf(node) : [])],
                Network.Nodes.Select(static node => node.IsUp).ToArray());
            _metrics = OverlayMetrics.Measure(Graph, pathSources: 8, Seed, Network.Nodes.Count > 200 ? 0.1 : 0);
        }

        return _metrics;
    }

    /// <summary>The overlay as it was measured last.</summary>
    protected OverlayGraph? Graph { get; private set; }

    /// <summary>How many running nodes knew a node when that was measured last.</summary>
    protected int InDegree(int node)
    {
        Measure();
        return node < Graph!.InDegrees.Length ? Graph.InDegrees[node] : 0;
    }

    private int[] ViewOf(VirtualNode node)
    {
        var table = node.Core.State.Table;
        var handles = node.Core.Sampling.Handles;
        var view = new int[handles.Length];
        var count = 0;
        foreach (var handle in handles)
        {
            var to = Recorder.IndexOfNoted(table[handle].Addresses.IPv4Bits);
            if (to >= 0 && to != node.Index)
            {
                view[count++] = to;
            }
        }

        return view[..count];
    }

    private double MeanAge()
    {
        var (sum, count) = (0L, 0L);
        foreach (var node in Network.Nodes)
        {
            foreach (var age in node.IsUp ? node.Core.Sampling.Ages : [])
            {
                (sum, count) = (sum + age, count + 1);
            }
        }

        return count == 0 ? 0 : (double)sum / count;
    }
}
