using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Simulation.Cycles;

/// <summary>
/// The views of all nodes of a run, on flat arrays that grow with the nodes; a handle is a node's index.
/// </summary>
internal sealed class ViewStore(int viewSize, int room) : IViewStore
{
    private uint[] _handles = [];
    private ushort[] _ages = [];
    private int[] _counts = [];
    private bool[] _alive = [];

    /// <summary>Nodes there ever were.</summary>
    public int NodeCount { get; private set; }

    /// <summary>A handle and an age per slot; a count and a life per node.</summary>
    public long StateBytes =>
        (long)NodeCount * ((room * (sizeof(uint) + sizeof(ushort))) + sizeof(int) + sizeof(bool));

    public ReadOnlySpan<bool> Alive => _alive.AsSpan(0, NodeCount);

    /// <summary>A node that lives and knows nobody.</summary>
    public int Add()
    {
        if (NodeCount == _counts.Length)
        {
            Reserve(Math.Max(16, 2 * NodeCount));
        }

        _alive[NodeCount] = true;
        return NodeCount++;
    }

    public void Reserve(int nodes)
    {
        if (nodes > _counts.Length)
        {
            Array.Resize(ref _handles, checked(nodes * room));
            Array.Resize(ref _ages, nodes * room);
            Array.Resize(ref _counts, nodes);
            Array.Resize(ref _alive, nodes);
        }
    }

    public bool IsAlive(int node) => _alive[node];

    public void Kill(int node) => _alive[node] = false;

    /// <summary>The node's view in place; <see cref="Keep"/> it after a change of its length.</summary>
    public ViewSlice View(int node, bool contacted = false) =>
        new(_handles.AsSpan(node * room, room), _ages.AsSpan(node * room, room), _counts[node], viewSize);

    public void Keep(int node, in ViewSlice view) => _counts[node] = view.Count;

    public OverlayGraph ToGraph() =>
        OverlayGraph.FromSlots(_handles, room, _counts.AsSpan(0, NodeCount), _alive.AsSpan(0, NodeCount));
}
