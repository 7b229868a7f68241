using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.View;
using Hearsay.Simulation.Cycles;

namespace Hearsay.Simulation.Bulk;

/// <summary>
/// The rows as views with room for a merge: a row has none, so a view is copied out, worked on and copied back. Every
/// worker has one of these.
/// </summary>
internal sealed class BulkViews(BulkStore store, int room) : IViewStore
{
    private readonly uint[] _handles = new uint[2 * room];
    private readonly ushort[] _ages = new ushort[2 * room];

    public int NodeCount => store.NodeCount;

    public bool IsAlive(int node) => store.IsAlive(node);

    public void Reserve(int nodes) => store.Reserve(nodes);

    public int Add() => store.Add();

    public ViewSlice View(int node, bool contacted = false)
    {
        var start = contacted ? room : 0;
        var handles = _handles.AsSpan(start, room);
        var ages = _ages.AsSpan(start, room);
        store.Handles(node).CopyTo(handles);
        store.Ages(node).CopyTo(ages);
        return new ViewSlice(handles, ages, store.Rows.Count(node), store.ViewSize);
    }

    public void Keep(int node, in ViewSlice view)
    {
        view.Handles.CopyTo(store.Rows.Handles(node));
        view.Ages.CopyTo(store.Rows.Ages(node));
        store.Rows.Count(node) = (ushort)view.Count;
    }
}
