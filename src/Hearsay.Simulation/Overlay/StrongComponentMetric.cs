namespace Hearsay.Simulation;

/// <summary>
/// The strongly connected components of the overlay, where links lead one way only (Tarjan, "Depth-first search and
/// linear graph algorithms", 1972): what a rumor can reach that travels along views.
/// </summary>
public static class StrongComponentMetric
{
    /// <summary>How many components the live nodes form, and how many nodes the largest has.</summary>
    public static (int Count, int Largest) Of(OverlayGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var walk = new Walk(graph);
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (graph.IsAlive(node))
            {
                walk.From(node);
            }
        }

        return (walk.Components, walk.Largest);
    }

    /// <summary>The depth-first walk with a stack of its own, as a view may be a million calls deep.</summary>
    private sealed class Walk(OverlayGraph graph)
    {
        private const int Finished = int.MaxValue;

        /// <summary>When a node was come upon, 0 if not yet.</summary>
        private readonly int[] _order = new int[graph.NodeCount];

        /// <summary>The earliest node on the stack that is known to be reached from it.</summary>
        private readonly int[] _lowest = new int[graph.NodeCount];

        /// <summary>How many of its links a node has followed.</summary>
        private readonly int[] _followed = new int[graph.NodeCount];
        private readonly int[] _path = new int[graph.NodeCount];
        private readonly int[] _open = new int[graph.NodeCount];
        private int _clock;
        private int _openCount;

        public int Components { get; private set; }

        public int Largest { get; private set; }

        public void From(int root)
        {
            if (_order[root] != 0)
            {
                return;
            }

            var depth = 0;
            Enter(root, ref depth);
            while (depth > 0)
            {
                var node = _path[depth - 1];
                var links = graph.LinksOf(node);
                if (_followed[node] == links.Length)
                {
                    depth--;
                    Leave(node, depth > 0 ? _path[depth - 1] : -1);
                }
                else if (links[_followed[node]++] is var next && _order[next] == 0)
                {
                    Enter(next, ref depth);
                }
                else if (_order[next] != Finished)
                {
                    _lowest[node] = Math.Min(_lowest[node], _order[next]);
                }
            }
        }

        private void Enter(int node, ref int depth)
        {
            _order[node] = _lowest[node] = ++_clock;
            _path[depth++] = node;
            _open[_openCount++] = node;
        }

        private void Leave(int node, int parent)
        {
            if (parent >= 0)
            {
                _lowest[parent] = Math.Min(_lowest[parent], _lowest[node]);
            }

            if (_lowest[node] != _order[node])
            {
                return;
            }

            var size = 0;
            int member;
            do
            {
                member = _open[--_openCount];
                _order[member] = Finished;
                size++;
            }
            while (member != node);
            Components++;
            Largest = Math.Max(Largest, size);
        }
    }
}
