using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// The overlay at one moment: who has whom in its view, among the nodes that live. Immutable and safe on any thread.
/// </summary>
/// <remarks>
/// Links of dead nodes do not exist. A link of a live node to a node that is dead or not there is a dead link: counted
/// and left out. A link of a node to itself is no link. Edges are kept as compressed rows: one array of targets, one of
/// offsets; a second pair holds the undirected version, in which two nodes are neighbours if either knows the other.
/// </remarks>
public sealed class OverlayGraph
{
    private readonly bool[] _alive;
    private readonly int[] _outOffsets;
    private readonly int[] _outTargets;
    private readonly int[] _inDegrees;
    private readonly int[] _neighbourOffsets;
    private readonly int[] _neighbours;

    private OverlayGraph(bool[] alive, int[] outOffsets, int[] outTargets, int deadLinks)
    {
        _alive = alive;
        _outOffsets = outOffsets;
        _outTargets = outTargets;
        DeadLinkCount = deadLinks;
        LiveCount = alive.AsSpan().Count(true);
        _inDegrees = CountIncoming(alive.Length, outTargets);
        (_neighbourOffsets, _neighbours) = MakeUndirected(outOffsets, outTargets, _inDegrees);
    }

    /// <summary>How many nodes were given, dead ones included: indexes go from 0 to one less.</summary>
    public int NodeCount => _alive.Length;

    /// <summary>How many of them live.</summary>
    public int LiveCount { get; }

    /// <summary>Directed links between live nodes.</summary>
    public int LinkCount => _outTargets.Length;

    /// <summary>Links of live nodes to nodes that are dead or not there.</summary>
    public int DeadLinkCount { get; }

    /// <summary>How many live nodes know each node; 0 for dead ones.</summary>
    public ReadOnlySpan<int> InDegrees => _inDegrees;

    /// <summary>Builds the overlay from one array of targets per node.</summary>
    /// <param name="views">For every node whom it knows, as indexes into this list; -1 or any other number outside it
    /// is somebody who is not there.</param>
    /// <param name="alive">Who lives; empty if all do.</param>
    /// <exception cref="ArgumentException">The mask has another length than the list.</exception>
    public static OverlayGraph FromViews(IReadOnlyList<int[]> views, ReadOnlySpan<bool> alive = default)
    {
        ArgumentNullException.ThrowIfNull(views);
        var mask = MaskOf(alive, views.Count);
        var builder = new LinkList(mask, views.Sum(view => view.Length));
        for (var node = 0; node < views.Count; node++)
        {
            foreach (var target in views[node])
            {
                builder.Add(node, target);
            }

            builder.CloseNode(node);
        }

        return builder.ToGraph();
    }

    /// <summary>Builds the overlay from the flat arrays of a run.</summary>
    /// <param name="handles">The views one behind the other, each with <paramref name="stride"/> slots.</param>
    /// <param name="stride">Slots per node.</param>
    /// <param name="counts">How many of the slots of each node are filled.</param>
    /// <param name="alive">Who lives; empty if all do.</param>
    /// <exception cref="ArgumentException">The mask has another length than the counts.</exception>
    public static OverlayGraph FromSlots(
        ReadOnlySpan<uint> handles, int stride, ReadOnlySpan<int> counts, ReadOnlySpan<bool> alive = default)
    {
        var mask = MaskOf(alive, counts.Length);
        var capacity = 0;
        foreach (var count in counts)
        {
            capacity += count;
        }

        var builder = new LinkList(mask, capacity);
        for (var node = 0; node < counts.Length; node++)
        {
            foreach (var target in handles.Slice(node * stride, counts[node]))
            {
                builder.Add(node, (int)Math.Min(target, int.MaxValue));
            }

            builder.CloseNode(node);
        }

        return builder.ToGraph();
    }

    /// <summary>Builds the overlay from rows of a run, without another copy of them.</summary>
    /// <param name="nodes">How many there are, dead ones included.</param>
    /// <param name="isAlive">Who lives.</param>
    /// <param name="viewOf">Whom a node knows.</param>
    internal static OverlayGraph FromRows(int nodes, Func<int, bool> isAlive, Func<int, ReadOnlySpan<uint>> viewOf)
    {
        var mask = new bool[nodes];
        var capacity = 0;
        for (var node = 0; node < nodes; node++)
        {
            mask[node] = isAlive(node);
            capacity = checked(capacity + (mask[node] ? viewOf(node).Length : 0));
        }

        var builder = new LinkList(mask, capacity);
        for (var node = 0; node < nodes; node++)
        {
            foreach (var target in viewOf(node))
            {
                builder.Add(node, (int)Math.Min(target, int.MaxValue));
            }

            builder.CloseNode(node);
        }

        return builder.ToGraph();
    }

    /// <summary>Whether a node lives.</summary>
    public bool IsAlive(int node) => _alive[node];

    /// <summary>The live nodes that a node knows, in the order of its view.</summary>
    public ReadOnlySpan<int> LinksOf(int node) => _outTargets.AsSpan(_outOffsets[node].._outOffsets[node + 1]);

    /// <summary>The live nodes that a node knows or that know it, each once.</summary>
    public ReadOnlySpan<int> NeighboursOf(int node) =>
        _neighbours.AsSpan(_neighbourOffsets[node].._neighbourOffsets[node + 1]);

    /// <summary>The live nodes in a random order, for samples of them.</summary>
    internal int[] ShuffledLive(SeededRandom random)
    {
        var live = new int[LiveCount];
        for (int node = 0, found = 0; found < live.Length; node++)
        {
            live[found] = node;
            found += _alive[node] ? 1 : 0;
        }

        random.Shuffle(live.AsSpan());
        return live;
    }

    private static bool[] MaskOf(ReadOnlySpan<bool> alive, int nodes)
    {
        if (!alive.IsEmpty && alive.Length != nodes)
        {
            throw new ArgumentException($"There are {nodes} nodes but the mask has {alive.Length}.", nameof(alive));
        }

        var mask = alive.ToArray();
        if (alive.IsEmpty)
        {
            mask = new bool[nodes];
            Array.Fill(mask, true);
        }

        return mask;
    }

    private static int[] CountIncoming(int nodes, int[] targets)
    {
        var degrees = new int[nodes];
        foreach (var target in targets)
        {
            degrees[target]++;
        }

        return degrees;
    }

    /// <summary>
    /// Reverses the links, then joins both directions; a stamp per node tells who is in the row already.
    /// </summary>
    private static (int[] Offsets, int[] Neighbours) MakeUndirected(int[] outOffsets, int[] outTargets, int[] inDegrees)
    {
        var (inOffsets, inSources) = Reverse(outOffsets, outTargets, inDegrees);
        var offsets = new int[outOffsets.Length];
        var neighbours = new int[2 * outTargets.Length];
        var stamps = new int[inDegrees.Length];
        var count = 0;
        for (var node = 0; node < inDegrees.Length; node++)
        {
            AddNew(outTargets.AsSpan(outOffsets[node]..outOffsets[node + 1]), node, stamps, neighbours, ref count);
            AddNew(inSources.AsSpan(inOffsets[node]..inOffsets[node + 1]), node, stamps, neighbours, ref count);
            offsets[node + 1] = count;
        }

        // Where links are hardly ever mutual the array is full as it is; a copy would cost more than the rest of it.
        if (count < neighbours.Length - (neighbours.Length / 16))
        {
            Array.Resize(ref neighbours, count);
        }

        return (offsets, neighbours);
    }

    private static void AddNew(ReadOnlySpan<int> others, int node, int[] stamps, int[] neighbours, ref int count)
    {
        foreach (var other in others)
        {
            if (stamps[other] != node + 1)
            {
                stamps[other] = node + 1;
                neighbours[count++] = other;
            }
        }
    }

    private static (int[] Offsets, int[] Sources) Reverse(int[] outOffsets, int[] outTargets, int[] inDegrees)
    {
        var offsets = new int[outOffsets.Length];
        for (var node = 0; node < inDegrees.Length; node++)
        {
            offsets[node + 1] = offsets[node] + inDegrees[node];
        }

        var next = offsets.AsSpan(0, inDegrees.Length).ToArray();
        var sources = new int[outTargets.Length];
        for (var node = 0; node < inDegrees.Length; node++)
        {
            foreach (var target in outTargets.AsSpan(outOffsets[node]..outOffsets[node + 1]))
            {
                sources[next[target]++] = node;
            }
        }

        return (offsets, sources);
    }

    /// <summary>Collects links node by node and sorts out the dead ones.</summary>
    private sealed class LinkList(bool[] alive, int capacity)
    {
        private readonly int[] _offsets = new int[alive.Length + 1];
        private readonly int[] _targets = new int[capacity];
        private int _count;
        private int _dead;

        public void Add(int node, int target)
        {
            if (!alive[node] || target == node)
            {
                return;
            }

            if ((uint)target < (uint)alive.Length && alive[target])
            {
                _targets[_count++] = target;
            }
            else
            {
                _dead++;
            }
        }

        public void CloseNode(int node) => _offsets[node + 1] = _count;

        public OverlayGraph ToGraph() =>
            new(alive, _offsets, _count == _targets.Length ? _targets : _targets[.._count], _dead);
    }
}
