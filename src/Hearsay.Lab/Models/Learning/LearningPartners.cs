using Hearsay.Lab.Engines;
using Hearsay.Protocols;

namespace Hearsay.Lab.Models.Learning;

/// <summary>Whom the nodes send to.</summary>
internal sealed class LearningPartners : IDisposable
{
    private const int WarmupCycles = 20;

    private readonly int _nodes;
    private readonly ICycleEngine? _engine;

    /// <summary>The fixed neighbours of each node, one after the other.</summary>
    private readonly int[]? _fixed;
    private readonly int _degree;

    public LearningPartners(string sampler, int nodes, int outDegree, ulong seed)
    {
        _nodes = nodes;
        if (sampler == "hearsay")
        {
            _engine = EngineFactory.Create(PeerSamplingOptions.Recommended, nodes, seed);
            _engine.Run(WarmupCycles);
        }
        else if (sampler == "static")
        {
            _degree = Math.Min(outDegree, nodes - 1);
            _fixed = Fixed(nodes, _degree, seed);
        }
    }

    /// <summary>A cycle begins.</summary>
    public void OnCycle() => _engine?.Run(1);

    /// <summary>A partner of a node; -1 if there is none.</summary>
    public int Draw(int node, ref SeededRandom random) => _fixed is null
        ? PartnerDraw.Next(_engine, _nodes, node, ref random)
        : _fixed[(node * _degree) + random.Below(_degree)];

    public void Dispose() => _engine?.Dispose();

    private static int[] Fixed(int nodes, int degree, ulong seed)
    {
        var (result, random) = (new int[nodes * degree], SeededRandom.For(seed, 0, 0, 0xF1F));
        for (var node = 0; node < nodes; node++)
        {
            var mine = result.AsSpan(node * degree, degree);
            for (var i = 0; i < degree;)
            {
                var other = random.Below(nodes);
                if (other != node && !mine[..i].Contains(other))
                {
                    mine[i++] = other;
                }
            }
        }

        return result;
    }
}
