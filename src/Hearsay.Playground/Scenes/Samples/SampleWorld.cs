using Hearsay.Playground.Contract;
using Hearsay.Playground.Recording;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Samples;

/// <summary>A network whose nodes draw peers at a steady rate, and what is counted of that.</summary>
internal sealed class SampleWorld(KnobValues knobs, ulong seed) : SamplingWorld(knobs, seed, TimeSpan.FromSeconds(10))
{
    /// <summary>So many of a node's latest draws are looked at for repeats.</summary>
    private const int Recent = 5;

    private const int Ideal = 4;

    private readonly Dictionary<int, IPeerSampler> _samplers = [];
    private readonly Dictionary<int, int> _lives = [];
    private readonly Dictionary<int, Queue<int>> _recent = [];
    private readonly SortedDictionary<int, int> _drawn = [];
    private readonly Dictionary<int, (int Draws, int Fallbacks)> _own = [];
    private (int Draws, int Fallbacks, int Repeats) _sum;

    /// <summary>The words for what draws come from.</summary>
    public static string[] Policies { get; } = ["without", "with", "head", "tail", "ideal"];

    /// <summary>What is counted of the draws, then what all such scenes show.</summary>
    public static IReadOnlyList<Metric> Metrics { get; } =
    [
        new("χ² over its mean", "", "How uneven the draws are: near 1 as of an ideal source, more is worse."),
        new("fallbacks", "%", "Draws of peers that the same sampler had given before."),
        new("repeats", "%", "Draws of a peer that is among the node's latest five."),
        .. StandardMetrics.Take(3),
    ];

    /// <inheritdoc/>
    public override void WriteValues(int node, FrameWriter frame)
    {
        var mean = Math.Max(1e-9, _sum.Draws / (double)Network.Nodes.Count);
        var own = _own.GetValueOrDefault(node);
        frame.Add(_sum.Draws == 0 ? 1 : _drawn.GetValueOrDefault(node) / mean);
        frame.Add((double)own.Draws);
        frame.Add(own.Draws == 0 ? 0 : 100.0 * own.Fallbacks / own.Draws);
    }

    /// <inheritdoc/>
    public override void WriteMetrics(FrameWriter frame)
    {
        var draws = Math.Max(1, _sum.Draws);
        frame.Add(ChiSquare());
        frame.Add(100.0 * _sum.Fallbacks / draws);
        frame.Add(100.0 * _sum.Repeats / draws);
        var overlay = Measure();
        frame.Add(overlay.InDegreeDeviation);
        frame.Add(overlay.Clustering);
        frame.Add(overlay.Links + overlay.DeadLinks == 0
            ? 0 : 100.0 * overlay.DeadLinks / (overlay.Links + overlay.DeadLinks));
    }

    /// <inheritdoc/>
    protected override void OnBegin() => PlanDraws(Instant.Zero);

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
        if (to < 0)
        {
            return;
        }

        if (!_recent.TryGetValue(node.Index, out var recent))
        {
            _recent[node.Index] = recent = new();
        }

        var own = _own.GetValueOrDefault(node.Index);
        _own[node.Index] = (own.Draws + 1, own.Fallbacks + (isFallback ? 1 : 0));
        _sum = (_sum.Draws + 1, _sum.Fallbacks + (isFallback ? 1 : 0), _sum.Repeats + (recent.Contains(to) ? 1 : 0));
        _drawn[to] = _drawn.GetValueOrDefault(to) + 1;
        recent.Enqueue(to);
        if (recent.Count > Recent)
        {
            recent.Dequeue();
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
        if (!_samplers.TryGetValue(node.Index, out var sampler) || _lives[node.Index] != node.Life)
        {
            if (!node.Core.Samplers.TryCreate((SamplingPolicy)Knobs.Whole("policy"), out var made))
            {
                return (-1, false);
            }

            (_samplers[node.Index], _lives[node.Index], sampler) = (made, node.Life, made);
        }

        return sampler.TryGetPeer(out var peer, out var origin)
            ? (Recorder.IndexOf(peer.Addresses.Primary), origin == SampleOrigin.Fallback)
            : (-1, false);
    }

    /// <summary>Pearson's χ² of the draws per node against an even share, over its degrees of freedom.</summary>
    private double ChiSquare()
    {
        var nodes = Network.Nodes.Count;
        if (_sum.Draws == 0 || nodes < 2)
        {
            return double.NaN;
        }

        var expected = _sum.Draws / (double)nodes;
        var sum = 0.0;
        for (var node = 0; node < nodes; node++)
        {
            var apart = _drawn.GetValueOrDefault(node) - expected;
            sum += apart * apart / expected;
        }

        return sum / (nodes - 1);
    }
}
