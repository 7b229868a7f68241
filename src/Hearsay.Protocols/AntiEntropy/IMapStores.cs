using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Protocols.AntiEntropy;

/// <summary>
/// Where the maps of a node are kept, and where the random numbers of its epochs and the time of day come from.
/// </summary>
internal interface IMapStores : IEpochSource
{
    /// <summary>The maps that have a store already: the node holds them from its start on.</summary>
    IReadOnlyList<string> Stored => [];

    /// <summary>
    /// The time of day in milliseconds since 1970, by which rows expire; 0 if nobody knows it.
    /// </summary>
    long UtcMilliseconds => 0;

    /// <summary>The clock of this node is too far from those of its peers, or no longer.</summary>
    /// <param name="ahead">By how much the peers' clocks are ahead.</param>
    /// <param name="isOff">Whether that is too much.</param>
    void OnClock(TimeSpan ahead, bool isOff)
    {
    }

    /// <summary>The maps that have a store are open. Called once.</summary>
    void OnStoredOpened()
    {
    }

    /// <summary>Opens the store of a map; called once per map, and again if the store failed.</summary>
    /// <param name="name">The name of the map.</param>
    IReplicaStore Open(string name);
}
