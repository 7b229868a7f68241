using Hearsay.Protocols;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Lab.Models;

/// <summary>
/// The streams that the samplers of some nodes give while the overlay gossips along: the real <see cref="PeerSampler"/>
/// over views published after every cycle.
/// </summary>
internal static class SamplerStream
{
    private const int WarmupCycles = 50;

    /// <summary>Draws, and judges the streams.</summary>
    /// <param name="engine">The overlay; node indexes are its handles.</param>
    /// <param name="viewSize">Its view size.</param>
    /// <param name="policy">How to draw.</param>
    /// <param name="watched">How many nodes draw.</param>
    /// <param name="draws">Draws of each.</param>
    /// <param name="perCycle">Draws of each in a cycle.</param>
    /// <param name="seed">Of the samplers.</param>
    /// <param name="step">Is told after every cycle.</param>
    public static StreamQuality Measure(
        ICycleEngine engine, int viewSize, SamplingPolicy policy, int watched, int draws, int perCycle, ulong seed,
        Action step)
    {
        var counts = new int[watched][];
        for (var node = 0; node < watched; node++)
        {
            counts[node] = new int[engine.NodeCount];
        }

        var (fallbacks, repeats, last) = (0L, 0L, Enumerable.Repeat(-1, watched).ToArray());
        Draw(engine, viewSize, policy, watched, draws, perCycle, seed, step, (node, _, peer, origin) =>
        {
            counts[node][peer]++;
            fallbacks += origin == SampleOrigin.Fallback ? 1 : 0;
            repeats += peer == last[node] ? 1 : 0;
            last[node] = peer;
        });
        var scores = counts.Select((row, node) => Score(row, node)).ToArray();
        var total = (double)counts.Sum(row => row.Sum());
        return new StreamQuality(
            scores.Average(), scores.Count(score => Math.Abs(score) > 3) / (double)watched, repeats / total,
            fallbacks / total, counts.Average(row => row.Count(count => count > 0)));
    }

    /// <summary>Draws, and hands out the node, the number of the draw, the peer drawn and its origin.</summary>
    public static void Draw(
        ICycleEngine engine, int viewSize, SamplingPolicy policy, int watched, int draws, int perCycle, ulong seed,
        Action step, Action<int, int, int, SampleOrigin> take)
    {
        engine.Run(WarmupCycles);
        var publishers = new ViewPublisher[watched];
        var samplers = new PeerSampler[watched];
        for (var node = 0; node < watched; node++)
        {
            publishers[node] = new ViewPublisher(viewSize);
            samplers[node] = new PeerSampler(publishers[node], policy, SeededRandom.Mix(seed + (ulong)node));
        }

        for (var drawn = 0; drawn < draws; drawn += perCycle)
        {
            engine.Run(1);
            step();
            for (var node = 0; node < watched; node++)
            {
                publishers[node].Publish(
                    engine.ViewOf(node), engine.AgesOf(node), default(IndexSource), engine.Cycle);
                for (var i = 0; i < perCycle && samplers[node].TryGetPeer(out var peer, out var origin); i++)
                {
                    take(node, drawn + i, (int)peer.Id.Low, origin);
                }
            }
        }
    }

    /// <summary>χ² against a uniform choice of the other nodes, as a standard score.</summary>
    private static double Score(int[] counts, int self)
    {
        var cells = counts.Length - 1;
        var expected = (double)counts.Sum() / cells;
        var square = 0.0;
        for (var node = 0; node < counts.Length; node++)
        {
            square += node == self ? 0 : (counts[node] - expected) * (counts[node] - expected) / expected;
        }

        return (square - (cells - 1)) / Math.Sqrt(2.0 * (cells - 1));
    }

    /// <summary>Peers that carry their index as id.</summary>
    private readonly struct IndexSource : IPeerSource
    {
        public Peer Describe(uint handle, ushort age) => new(new NodeId(0, handle), default, 0, age, null);
    }
}
