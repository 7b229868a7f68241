using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>Where the maps of a node are kept, and where the random numbers of its epochs come from.</summary>
internal interface IMapStores : IEpochSource
{
    /// <summary>The maps that have a store already: the node holds them from its start on.</summary>
    IReadOnlyList<string> Stored => [];

    /// <summary>The maps that have a store are open. Called once.</summary>
    void OnStoredOpened()
    {
    }

    /// <summary>Opens the store of a map; called once per map, and again if the store failed.</summary>
    /// <param name="name">The name of the map.</param>
    IReplicaStore Open(string name);
}
