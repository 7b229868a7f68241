namespace Hearsay;

/// <summary>
/// Where a node keeps its maps, so that they outlive it: <see cref="GossipNodeOptions.MapStorage"/>. It opens a store
/// for each node that starts.
/// </summary>
/// <remarks>
/// Durable stores come in packages of their own; implement this and <see cref="IMapStore"/> for another one. An object
/// holds no store itself, so that options can be shared and derived.
/// </remarks>
public interface IMapStorage
{
    /// <summary>
    /// Opens the store, or makes it. Called once when a node starts, before it takes part in anything; the node
    /// disposes the store when it stops.
    /// </summary>
    /// <exception cref="IOException">
    /// The store cannot be used: it is damaged, belongs to something else, or is open elsewhere. The message says what
    /// to do. What is there has been left as it was.
    /// </exception>
    IMapStore Open();
}
