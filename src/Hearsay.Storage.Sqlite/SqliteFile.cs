using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Hearsay.Storage.Sqlite;

/// <summary>What is known of a file before SQLite touches it, and how its connections are made.</summary>
internal static class SqliteFile
{
    /// <summary>"Hrsy" in the header tells that a file is one of maps.</summary>
    public const int ApplicationId = 0x4872_7379;

    /// <summary>The version of the file: 2 since records of folded epochs may be in it.</summary>
    public const int Version = 2;

    /// <summary>The oldest version that is read.</summary>
    private const int OldestVersion = 1;

    private const int HeaderBytes = 100;
    private const int VersionOffset = 60;
    private const int ApplicationOffset = 68;

    /// <summary>How long to wait for somebody who copies the file.</summary>
    private const int BusySeconds = 30;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Refuses a file that is not one of maps, without changing it.</summary>
    /// <returns>Whether there is anything: a file that is not there, or is empty, is made.</returns>
    /// <exception cref="IOException">It is not one of maps.</exception>
    public static bool Check(string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        var length = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        if (length == 0)
        {
            return false;
        }

        if (length < HeaderBytes || !header.StartsWith(Magic))
        {
            throw new IOException($"'{path}' is no store of maps: it is not an SQLite file. It was left as it is.");
        }

        if (BinaryPrimitives.ReadInt32BigEndian(header[ApplicationOffset..]) != ApplicationId)
        {
            throw new IOException(
                $"'{path}' is no store of maps: it is an SQLite file of another program. It was left as it is.");
        }

        var version = BinaryPrimitives.ReadInt32BigEndian(header[VersionOffset..]);
        return version is >= OldestVersion and <= Version ? true : throw new IOException(
            $"The store of maps '{path}' has version {version}, and this program reads versions {OldestVersion} to "
            + $"{Version}. It was left as it is.");
    }

    /// <summary>
    /// Marks a file of an earlier version: from now on records may be put there that earlier programs do not know. They
    /// look into the file itself, and not into its WAL.
    /// </summary>
    public static void Renew(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        if (Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) != Version)
        {
            Execute(connection, string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}; PRAGMA wal_checkpoint(TRUNCATE);"));
        }
    }

    /// <summary>A connection that is open.</summary>
    public static SqliteConnection Connect(SqliteMapStorage storage, SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = storage.Path, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds,
        };
        if (storage.Vfs is { } vfs)
        {
            text.Vfs = vfs;
        }

        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement without a result.</summary>
    public static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this project.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>An error of SQLite as the contract of stores has it.</summary>
    public static IOException Explain(SqliteException error, string path)
    {
        const int full = 13, corrupt = 11, notADatabase = 26, busy = 5, locked = 6;
        return new IOException(error.SqliteErrorCode switch
        {
            full => $"The disk of the store of maps '{path}' is full.",
            corrupt or notADatabase => $"The store of maps '{path}' is damaged ({error.Message}). Put a backup in its "
                + "place, or delete it: what other nodes have comes from them.",
            busy or locked => $"The store of maps '{path}' is in use elsewhere.",
            _ => $"The store of maps '{path}' cannot be used: {error.Message}",
        }, error);
    }
}
