using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.View;

namespace Hearsay.Simulation.Cycles;

/// <summary>Fills the views of a run before its first cycle.</summary>
internal static class OverlayStarts
{
    public static void Fill<TStore>(TStore store, OverlayStart start, int viewSize, ref SeededRandom random)
        where TStore : IViewStore
    {
        for (var node = 0; node < store.NodeCount; node++)
        {
            var view = store.View(node);
            switch (start)
            {
                case OverlayStart.Random:
                    FillRandom(ref view, node, store.NodeCount, ref random);
                    break;
                case OverlayStart.Lattice:
                    FillLattice(ref view, node, store.NodeCount, viewSize);
                    break;
                case OverlayStart.Chain when node + 1 < store.NodeCount:
                    view.Append((uint)node + 1, 0);
                    break;
                case OverlayStart.Star or OverlayStart.Growing when node > 0:
                    view.Append(0, 0);
                    break;
            }

            store.Keep(node, view);
        }
    }

    private static void FillRandom(ref ViewSlice view, int node, int nodes, ref SeededRandom random)
    {
        var wanted = Math.Min(view.Capacity, nodes - 1);
        while (view.Count < wanted)
        {
            var other = (uint)random.Below(nodes);
            if (other != node && view.IndexOf(other) < 0)
            {
                view.Append(other, 0);
            }
        }
    }

    private static void FillLattice(ref ViewSlice view, int node, int nodes, int viewSize)
    {
        var reach = Math.Min(viewSize / 2, (nodes - 1) / 2);
        for (var distance = 1; distance <= reach; distance++)
        {
            view.Append((uint)((node + distance) % nodes), 0);
            view.Append((uint)((node + nodes - distance) % nodes), 0);
        }
    }
}
