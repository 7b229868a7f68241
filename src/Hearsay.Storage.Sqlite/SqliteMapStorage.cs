using Hearsay.Storage.Sqlite;

namespace Hearsay;

/// <summary>
/// Keeps the maps of a node in an SQLite file, so that they outlive it. Writes that come at the same time share a
/// commit, and a write completes once it would survive a crash of the machine.
/// </summary>
/// <remarks>
/// <para>Each node needs a file of its own. While it is open there are files beside it with the endings
/// <c>-wal</c>, <c>-shm</c> and <c>.lock</c>. Its journal mode is WAL with <c>synchronous=FULL</c>.</para>
/// <para>A file may be restored from a backup or copied to another node: each opening numbers its writes anew, and rows
/// that the file lacks come from other nodes. Make backups with <see cref="BackUp"/>, also while the node runs.</para>
/// <para>Immutable, so safe on any thread.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var node = await GossipNode.StartAsync(new()
/// {
///     Maps = new(), MapStorage = new SqliteMapStorage("/var/lib/app/maps.db"),
/// });
/// </code>
/// </example>
public sealed class SqliteMapStorage : IMapStorage
{
    /// <summary>A storage in a file, which need not be there yet. Nothing is opened.</summary>
    /// <param name="path">The file. Its directory is made if it is not there.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public SqliteMapStorage(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>
    /// The name of the SQLite VFS that reaches the file, for applications that register one: for encrypted files, for
    /// instance.
    /// </summary>
    /// <value>Default null: that of the operating system.</value>
    public string? Vfs { get; init; }

    /// <inheritdoc/>
    public IMapStore Open() => SqliteMapStore.Open(this);

    /// <summary>
    /// Copies the file while a node may be using it. The copy is as the store was at one moment. The call returns when
    /// the copy is complete and durable.
    /// </summary>
    /// <param name="path">The file to make. There must be none.</param>
    /// <exception cref="IOException">
    /// There is such a file already, it cannot be written, or the store is damaged or not there.
    /// </exception>
    public void BackUp(string path) => SqliteMapStore.BackUp(this, System.IO.Path.GetFullPath(path));

    /// <inheritdoc/>
    public override string ToString() => Path;
}
