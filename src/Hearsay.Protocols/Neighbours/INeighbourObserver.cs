namespace Hearsay.Protocols;

/// <summary>Is told of every change of a node's neighbours, inside the event loop and after the change.</summary>
public interface INeighbourObserver
{
    /// <summary>A slot is in use from now on; whatever was kept for it belongs to somebody else.</summary>
    void OnNeighbourUp(int slot);

    /// <summary>The neighbour of a slot is gone; <paramref name="was"/> tells who it was.</summary>
    void OnNeighbourDown(int slot, in Peer was);
}
