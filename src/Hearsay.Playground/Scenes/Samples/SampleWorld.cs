using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;
using Hearsay.Protocols.Sampling.Samplers;

namespace Hearsay.Playground.Scenes.Samples;

/// <summary>A network whose nodes draw peers at a steady rate, and what is counted of that.</summary>
internal sealed class SampleWorld(KnobValues knobs, ulong seed) : SamplingWorld(knobs, seed, TimeSpan.FromSeconds(10))
{
    private const int Ideal = 4;

    private readonly Dictionary<int, (IPeerSampler Sampler, int Life)> _samplers = [];

    /// <summary>The words for what draws come from.</summary>
    public static string[] Policies { get; } = ["without", "with", "head", "tail", "ideal"];

    /// <summary>What is counted of the draws, then two of what all such scenes show.</summary>
    public static IReadOnlyList<Metric> Metrics { get; } =
    [
        new("χ² over its mean", "", "How uneven the draws are: near 1 as of an ideal source, more is worse."),
        new("fallbacks", "%", "Draws of peers that the same sampler had given before."),
        new("repeats", "%", "Draws of a peer that is among the node's latest five."),
        new("left in the queue", "%", "Entries of a view that were not given yet, on average of all nodes."),
        StandardMetrics[0],
        StandardMetrics[2],
    ];

    /// <summary>What was drawn so far.</summary>
    public DrawRecord Draws { get; } = new();

    /// <inheritdoc/>
    public override ulong TraceHash => SeededRandom.Mix(base.TraceHash ^ Draws.Hash);

    private bool HasQueue => (SamplingPolicy)Knobs.Whole("policy") == SamplingPolicy.UniformWithoutReplacement;

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        var own = Draws.Own(node);
        frame.Add(Draws.OverMean(node, Network.Nodes.Count));
        frame.Add((double)own.Draws);
        frame.Add(own.Draws == 0 ? 0 : 100.0 * own.Fallbacks / own.Draws);
        frame.Add(QueueLeft(Network.Nodes[node]));
        frame.Add(own.LastWasFallback && Network.Nodes[node].IsUp ? 1.0 : 0);
    }

    /// <inheritdoc/>
    public override int WriteLinks(int node, FrameWriter frame)
    {
        const int usedUp = 1 << 31;
        var first = frame.Count;
        var count = base.WriteLinks(node, frame);
        if (QueueOf(Network.Nodes[node]) is { } queue)
        {
            var left = queue.Select(peer => Recorder.IndexOf(peer.Addresses.Primary)).ToHashSet();
            for (var place = first; place < first + count; place++)
            {
                var link = frame.At(place);
                frame.Patch(place, left.Contains(link & ushort.MaxValue) ? link : link | usedUp);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public override int WriteRow(int node, FrameWriter frame) => Draws.WriteRow(node, Network.Nodes.Count, frame);

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        frame.Add(Draws.ChiSquare(Network.Nodes.Count));
        frame.Add(100 * Draws.FallbackShare);
        frame.Add(100 * Draws.RepeatShare);
        var left = Network.Nodes.Select(QueueLeft).Where(double.IsFinite).ToList();
        frame.Add(left.Count == 0 ? double.NaN : left.Average());
        var overlay = Measure();
        frame.Add(overlay.InDegreeDeviation);
        frame.Add(overlay.Links + overlay.DeadLinks == 0
            ? 0 : 100.0 * overlay.DeadLinks / (overlay.Links + overlay.DeadLinks));
    }

    /// <inheritdoc/>
    protected override void OnBegin() => PlanDraws(Instant.Zero);

    /// <inheritdoc/>
    protected override bool TryActHere(string verb, Fault shape, out string? wrong)
    {
        wrong = null;
        if (verb != "draw")
        {
            return false;
        }

        var nodes = shape.Nodes.Count == 0 ? Network.Nodes : shape.Nodes.Select(node => Network.Nodes[node]);
        foreach (var node in nodes.Where(static node => node.IsUp))
        {
            for (var i = 0; i < Math.Clamp(shape.Amount, 1, 100); i++)
            {
                Draw(node);
            }
        }

        return true;
    }

    private void PlanDraws(Instant before)
    {
        var at = before + TimeSpan.FromSeconds(1.0 / Knobs.Whole("rate"));
        Plan(at, () =>
        {
            foreach (var node in Network.Nodes.Where(static node => node.IsUp))
            {
                Draw(node);
            }

            PlanDraws(at);
        });
    }

    private void Draw(VirtualNode node)
    {
        var (to, isFallback) = Knobs.Whole("policy") == Ideal ? (AnyOther(node), false) : FromSampler(node);
        if (to >= 0)
        {
            Draws.Add(node.Index, to, isFallback);
        }
    }

    private int AnyOther(VirtualNode node)
    {
        var other = AnyNode();
        while (other == node && Network.Nodes.Count(static other => other.IsUp) > 1)
        {
            other = AnyNode();
        }

        return other?.Index ?? -1;
    }

    private (int To, bool IsFallback) FromSampler(VirtualNode node)
    {
        // A node that started again has another set of samplers.
        if (!_samplers.TryGetValue(node.Index, out var known) || known.Life != node.Life)
        {
            if (!node.Core.Samplers.TryCreate((SamplingPolicy)Knobs.Whole("policy"), out var made))
            {
                return (-1, false);
            }

            _samplers[node.Index] = known = (made, node.Life);
        }

        return known.Sampler.TryGetPeer(out var peer, out var origin)
            ? (Recorder.IndexOf(peer.Addresses.Primary), origin == SampleOrigin.Fallback)
            : (-1, false);
    }

    /// <summary>What a node's sampler has not given yet; null before its first draw, or without a queue.</summary>
    private Peer[]? QueueOf(VirtualNode node) => HasQueue && _samplers.TryGetValue(node.Index, out var known)
        && known.Life == node.Life && known.Sampler is PeerSampler sampler ? sampler.Queue() : null;

    /// <summary>The share of a node's view that was not given yet, in percent; NaN where there is no queue.</summary>
    private double QueueLeft(VirtualNode node)
    {
        var entries = node.IsUp ? node.Core.Sampling.Handles.Length : 0;
        return !HasQueue || entries == 0 ? double.NaN
            : QueueOf(node) is { } queue ? 100.0 * queue.Length / entries : 100;
    }
}
