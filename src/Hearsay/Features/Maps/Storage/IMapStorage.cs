namespace Hearsay;

/// <summary>
/// Where a node keeps its maps, so that they outlive it: <see cref="GossipNodeOptions.MapStorage"/>. It opens a store
/// for each node that starts.
/// </summary>
/// <remarks>
/// Durable stores come in separate packages. For a store of your own, implement this interface and
/// <see cref="IMapStore"/>. An object of this interface holds no open store, so that options can be shared and derived.
/// </remarks>
public interface IMapStorage
{
    /// <summary>
    /// Opens the store, or creates it. A node calls it once when it starts, before it takes part in anything, and
    /// disposes the store when it stops.
    /// </summary>
    /// <exception cref="IOException">
    /// The store cannot be used: it is damaged, belongs to another program, or is open elsewhere. The message says what
    /// to do. The method has not changed the store.
    /// </exception>
    IMapStore Open();
}
