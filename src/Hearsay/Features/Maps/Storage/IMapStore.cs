namespace Hearsay;

/// <summary>
/// An open store of the maps of one node: records by map and key, and a commit that is durable when it returns. What
/// the records mean is the node's business.
/// </summary>
/// <remarks>
/// The node calls it from one thread at a time, and never from its event loop: it reads everything before it starts,
/// and then commits from a thread of its own, many writes at a time.
/// </remarks>
public interface IMapStore : IDisposable
{
    /// <summary>The maps that have records, in no particular order.</summary>
    /// <exception cref="IOException">The store is damaged.</exception>
    IReadOnlyList<string> Maps { get; }

    /// <summary>The records of a map, in the order of the bytes of their keys.</summary>
    /// <param name="map">The map.</param>
    /// <exception cref="IOException">The store is damaged; the exception may come while the records are read.
    /// </exception>
    IEnumerable<MapRecord> Read(string map);

    /// <summary>About how many records a map has. A node makes room for them before it reads them.</summary>
    /// <param name="map">The map.</param>
    /// <returns>The number, which may be wrong; 0 if finding it out costs more than a look.</returns>
    /// <exception cref="IOException">The store is damaged.</exception>
    long EstimateCount(string map) => 0;

    /// <summary>
    /// Does all changes or none, in their order. When it returns they are durable: a crash of the machine that follows
    /// does not undo them.
    /// </summary>
    /// <param name="changes">The changes. They and their bytes do not change before it returns.</param>
    /// <exception cref="IOException">
    /// The changes were not done: the disk is full, for instance. They are not there at the next commit either. The
    /// store can still be used.
    /// </exception>
    void Commit(IReadOnlyList<MapRecordChange> changes);
}
