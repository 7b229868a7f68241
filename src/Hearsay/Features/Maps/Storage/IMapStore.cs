namespace Hearsay;

/// <summary>
/// An open store of the maps of one node: records by map and key, and a commit that is durable when it returns. Only
/// the node interprets the records.
/// </summary>
/// <remarks>
/// The node calls it from one thread at a time, and never from its event loop. It reads everything before it starts,
/// and then commits from a separate thread, many writes at a time.
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

    /// <summary>Estimates the number of records of a map. A node makes room for them before it reads them.</summary>
    /// <param name="map">The map.</param>
    /// <returns>The number, which may be wrong; 0 if it is not cheap to find out.</returns>
    /// <exception cref="IOException">The store is damaged.</exception>
    long EstimateCount(string map) => 0;

    /// <summary>
    /// Makes all changes in their order, or none. When it returns they are durable: a later crash of the machine does
    /// not undo them.
    /// </summary>
    /// <param name="changes">The changes. They and their bytes do not change before it returns.</param>
    /// <exception cref="IOException">
    /// The changes were not made, for instance because the disk is full. The next commit does not make them either. The
    /// store can still be used.
    /// </exception>
    void Commit(IReadOnlyList<MapRecordChange> changes);
}
