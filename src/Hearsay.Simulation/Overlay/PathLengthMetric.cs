using System.Numerics;
using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// Path lengths of the undirected overlay, by breadth-first search from sampled nodes, 64 of them at once: a bit per
/// source (Then and others, "The more the merrier: efficient multi-source graph traversal", PVLDB 2014).
/// </summary>
public static class PathLengthMetric
{
    private const ulong SourcePurpose = 0x5041_5448;
    private const int SourcesAtOnce = 64;

    /// <summary>From this part of the nodes on, looking for a front is cheaper than going through it.</summary>
    private const int NodesPerWideFront = 4;

    /// <summary>
    /// The mean distance between a sampled node and every other that can be reached from it; 0 if there is no such
    /// pair.
    /// </summary>
    /// <param name="graph">The overlay.</param>
    /// <param name="sources">How many nodes to start from; all live ones if there are no more.</param>
    /// <param name="seed">Chooses them.</param>
    public static double Of(OverlayGraph graph, int sources, ulong seed) => Measure(graph, sources, seed).Mean;

    /// <summary>The mean distance with its standard error, and the longest one.</summary>
    /// <param name="graph">The overlay.</param>
    /// <param name="sources">How many nodes to start from; all live ones if there are no more.</param>
    /// <param name="seed">Chooses them.</param>
    public static PathLengths Measure(OverlayGraph graph, int sources, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var nodes = graph.ShuffledLive(SeededRandom.For(seed, 0, 0, SourcePurpose));
        var chosen = nodes.AsSpan(0, Math.Clamp(sources, 0, nodes.Length));
        var search = new Search(graph);
        var (sum, pairs, longest) = (0L, 0L, 0);
        var (means, squares) = (0.0, 0.0);
        for (; !chosen.IsEmpty; chosen = chosen[Math.Min(SourcesAtOnce, chosen.Length)..])
        {
            var some = chosen[..Math.Min(SourcesAtOnce, chosen.Length)];
            longest = Math.Max(longest, search.Run(some));
            for (var source = 0; source < some.Length; source++)
            {
                sum += search.Distances[source];
                pairs += search.Reached[source];
                var mean = search.Distances[source] / Math.Max(1.0, search.Reached[source]);
                means += mean;
                squares += mean * mean;
            }
        }

        var count = Math.Clamp(sources, 0, nodes.Length);
        var error = Estimate.Of(means, squares, count, nodes.Length).StandardError;
        return new PathLengths(pairs == 0 ? 0 : (double)sum / pairs, error, longest, count);
    }

    /// <summary>Up to 64 searches level by level; every node has a bit for each of them.</summary>
    private sealed class Search(OverlayGraph graph)
    {
        private readonly ulong[] _seen = new ulong[graph.NodeCount];
        private ulong[] _front = new ulong[graph.NodeCount];
        private ulong[] _next = new ulong[graph.NodeCount];
        private ulong _sources;
        private long _missing;
        private int[] _frontNodes = new int[graph.NodeCount + 1];
        private int[] _nextNodes = new int[graph.NodeCount + 1];

        /// <summary>The sum of the distances from each source.</summary>
        public long[] Distances { get; } = new long[SourcesAtOnce];

        /// <summary>How many others each source reached.</summary>
        public long[] Reached { get; } = new long[SourcesAtOnce];

        /// <summary>Searches from all sources; returns the longest distance.</summary>
        public int Run(ReadOnlySpan<int> sources)
        {
            Array.Clear(_seen);
            Array.Clear(Distances);
            Array.Clear(Reached);
            for (var i = 0; i < sources.Length; i++)
            {
                (_frontNodes[i], _front[sources[i]], _seen[sources[i]]) = (sources[i], 1UL << i, 1UL << i);
            }

            _sources = ulong.MaxValue >> (SourcesAtOnce - sources.Length);

            // A last level that finds nobody is the most expensive one; where all were reached it can be left out.
            var (count, level) = (sources.Length, 0);
            _missing = (long)sources.Length * (graph.LiveCount - 1);
            while (_missing > 0 && (count = Expand(count, level + 1)) > 0)
            {
                level++;
            }

            Array.Clear(_front);
            return level;
        }

        private int Expand(int count, int level)
        {
            var found = count > graph.NodeCount / NodesPerWideFront ? Pull() : Push(count);
            foreach (var node in _nextNodes.AsSpan(0, found))
            {
                _seen[node] |= _next[node];
                Count(_next[node], level);
            }

            (_front, _next) = (_next, _front);
            (_frontNodes, _nextNodes) = (_nextNodes, _frontNodes);
            return found;
        }

        /// <summary>The nodes of the front go through their neighbours.</summary>
        private int Push(int count)
        {
            var found = 0;
            foreach (var node in _frontNodes.AsSpan(0, count))
            {
                var bits = _front[node];
                _front[node] = 0;
                foreach (var other in graph.NeighboursOf(node))
                {
                    if ((bits & ~_seen[other]) is var fresh and not 0)
                    {
                        // Written whether it is new or not: there is room for one too many.
                        _nextNodes[found] = other;
                        found += _next[other] == 0 ? 1 : 0;
                        _next[other] |= fresh;
                    }
                }
            }

            return found;
        }

        /// <summary>
        /// Nodes that some search has not reached look for it among their neighbours, until they have found all they
        /// miss: cheaper where the front is a good part of the overlay, as nothing but the front is read at random.
        /// </summary>
        private int Pull()
        {
            var found = 0;
            for (var node = 0; node < _seen.Length; node++)
            {
                var (missing, seen) = (_sources & ~_seen[node], 0UL);
                if (missing == 0)
                {
                    continue;
                }

                foreach (var other in graph.NeighboursOf(node))
                {
                    seen |= _front[other];
                    if ((missing & ~seen) == 0)
                    {
                        break;
                    }
                }

                _next[node] = seen & missing;
                _nextNodes[found] = node;
                found += _next[node] == 0 ? 0 : 1;
            }

            Array.Clear(_front);
            return found;
        }

        private void Count(ulong bits, int level)
        {
            for (; bits != 0; bits &= bits - 1)
            {
                var source = BitOperations.TrailingZeroCount(bits);
                Distances[source] += level;
                Reached[source]++;
                _missing--;
            }
        }
    }
}
