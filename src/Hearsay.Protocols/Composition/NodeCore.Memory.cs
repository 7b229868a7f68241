namespace Hearsay.Protocols;

/// <content>The state of the node as memory, for drivers of very many nodes.</content>
public sealed partial class NodeCore
{
    /// <summary>
    /// The bytes of the arrays in which the node keeps its peers, its view and its exchanges; without those of
    /// application protocols, the heads of objects and the peers' metadata. The same on every run.
    /// </summary>
    internal long StateBytes =>
        _state.Table.StateBytes + _state.Routes.StateBytes
        + _state.Guard.StateBytes + _sampling.StateBytes + _view.StateBytes;

    /// <summary>
    /// Brings this node's state into the processor's cache while something else is done: for a driver of thousands of
    /// nodes that knows whose turn is next.
    /// </summary>
    internal void Prefetch()
    {
        _state.Table.Prefetch();
        _sampling.Prefetch();
    }
}
