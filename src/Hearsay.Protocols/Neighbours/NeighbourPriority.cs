namespace Hearsay.Protocols.Neighbours;

/// <summary>How much a node needs the neighbour it asks.</summary>
internal enum NeighbourPriority : byte
{
    /// <summary>One more would be good: only if there is a free slot.</summary>
    Low,

    /// <summary>It has none, or a join walk ended here: somebody makes room.</summary>
    High,

    /// <summary>It is new: as high, and its walks begin at whom it asks.</summary>
    Join,
}
