namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// Observes the changes of a node's neighbours. It is called inside the event loop, after the change.
/// </summary>
internal interface INeighbourObserver
{
    /// <summary>
    /// Reports that a slot has a new neighbour. State that was kept for the slot belongs to an earlier neighbour.
    /// </summary>
    /// <param name="slot">The index of the slot.</param>
    void OnNeighbourUp(int slot);

    /// <summary>Reports that the neighbour of a slot is gone.</summary>
    /// <param name="slot">The index of the slot.</param>
    /// <param name="was">The neighbour that is gone.</param>
    void OnNeighbourDown(int slot, in Peer was);
}
