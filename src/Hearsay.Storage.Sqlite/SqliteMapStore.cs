using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hearsay.Storage.Sqlite;

/// <summary>An open file of maps: one table of names, and one of records in the order of their keys.</summary>
internal sealed class SqliteMapStore : IMapStore
{
    private const string Tables =
        """
        CREATE TABLE maps (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE records (map INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (map, key))
            STRICT, WITHOUT ROWID;
        """;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly FileStream _lock;
    private readonly Dictionary<string, long> _maps = new(StringComparer.Ordinal);
    private readonly Statement _put;
    private readonly Statement _remove;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollBack;

    private SqliteMapStore(string path, SqliteConnection connection, FileStream held)
    {
        (_path, _connection, _lock) = (path, connection, held);
        _put = new Statement(connection, "INSERT INTO records (map, key, value) VALUES (?1, ?2, ?3) "
            + "ON CONFLICT (map, key) DO UPDATE SET value = excluded.value");
        _remove = new Statement(connection, "DELETE FROM records WHERE map = ?1 AND key = ?2");
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _rollBack = new Statement(connection, "ROLLBACK");
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, name FROM maps";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            _maps[rows.GetString(1)] = rows.GetInt64(0);
        }
    }

    /// <summary>Its connection.</summary>
    public SqliteConnection Connection => _connection;

    /// <inheritdoc/>
    public IReadOnlyList<string> Maps => [.. _maps.Keys];

    /// <summary>Opens the file of a storage, or makes it.</summary>
    /// <exception cref="IOException">It is not one of maps, damaged, or in use.</exception>
    public static SqliteMapStore Open(SqliteMapStorage storage)
    {
        var held = Lock(storage.Path);
        SqliteConnection? connection = null;
        try
        {
            var exists = SqliteFile.Check(storage.Path);
            connection = SqliteFile.Connect(storage, SqliteOpenMode.ReadWriteCreate);
            if (!exists)
            {
                // In one transaction, before the file is one with a WAL: so its header is never without its mark.
                SqliteFile.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
                    BEGIN;
                    PRAGMA application_id = {SqliteFile.ApplicationId};
                    PRAGMA user_version = {SqliteFile.Version};
                    {Tables}
                    COMMIT;
                    """));
            }

            SqliteFile.Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            SqliteFile.Renew(connection);
            return new SqliteMapStore(storage.Path, connection, held);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            held.Dispose();
            switch (error)
            {
                case SqliteException sqlite:
                    throw SqliteFile.Explain(sqlite, storage.Path);
                case UnauthorizedAccessException:
                    throw new IOException($"The store of maps '{storage.Path}' cannot be used: {error.Message}", error);
                default:
                    throw;
            }
        }
    }

    /// <summary>Copies the file of a storage while it may be in use.</summary>
    public static void BackUp(SqliteMapStorage storage, string path)
    {
        if (File.Exists(path))
        {
            throw new IOException($"There is a file '{path}' already.");
        }

        if (!File.Exists(storage.Path) || !SqliteFile.Check(storage.Path))
        {
            throw new IOException($"There is no store of maps '{storage.Path}'.");
        }

        try
        {
            using var connection = SqliteFile.Connect(storage, SqliteOpenMode.ReadWrite);
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $path";
            command.Parameters.AddWithValue("$path", path);
            command.ExecuteNonQuery();
        }
        catch (SqliteException error)
        {
            throw SqliteFile.Explain(error, storage.Path);
        }

        using var copy = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        copy.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public IEnumerable<MapRecord> Read(string map)
    {
        if (!_maps.TryGetValue(map, out var id))
        {
            yield break;
        }

        var select = new Statement(_connection, "SELECT key, value FROM records WHERE map = ?1 ORDER BY key");
        try
        {
            select.Bind(1, id);
            var (key, values) = (new byte[256], new Blocks());
            while (Step(select))
            {
                var length = select.Blob(0, ref key);
                yield return new MapRecord(key.AsMemory(0, length), values.Copy(select.Blob(1)));
            }
        }
        finally
        {
            select.Dispose();
        }
    }

    /// <inheritdoc/>
    public long EstimateCount(string map)
    {
        if (_maps.Count != 1)
        {
            // Those of one map among several are counted one by one.
            return 0;
        }

        using var count = new Statement(_connection, "SELECT count(*) FROM records");
        return Step(count) ? count.Number(0) : 0;
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<MapRecordChange> changes)
    {
        var made = new List<string>();
        try
        {
            _begin.Run();
            for (var i = 0; i < changes.Count; i++)
            {
                Do(changes[i], made);
            }

            _commit.Run();
        }
        catch (SqliteException error)
        {
            RollBack();
            made.ForEach(name => _maps.Remove(name));
            throw SqliteFile.Explain(error, _path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in new[] { _put, _remove, _begin, _commit, _rollBack })
        {
            statement.Dispose();
        }

        _connection.Dispose();
        _lock.Dispose();
    }

    private void Do(in MapRecordChange change, List<string> made)
    {
        if (!_maps.TryGetValue(change.Map, out var id))
        {
            id = Make(change.Map);
            made.Add(change.Map);
        }

        var statement = change.Value is null ? _remove : _put;
        statement.Bind(1, id);
        statement.Bind(2, change.Key.Span);
        if (change.Value is { } value)
        {
            statement.Bind(3, value.Span);
        }

        statement.Run();
    }

    private long Make(string map)
    {
        using var insert = new Statement(_connection, "INSERT INTO maps (name) VALUES (?1)");
        insert.Bind(1, map);
        insert.Run();
        return _maps[map] = raw.sqlite3_last_insert_rowid(_connection.Handle!);
    }

    private bool Step(Statement select)
    {
        try
        {
            return select.Step();
        }
        catch (SqliteException error)
        {
            throw SqliteFile.Explain(error, _path);
        }
    }

    /// <summary>After some errors SQLite has done so itself.</summary>
    private void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
        {
            _rollBack.Run();
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The store of maps '{path}' is in use by another node, or cannot be written: {error.Message}", error);
        }
    }
}
