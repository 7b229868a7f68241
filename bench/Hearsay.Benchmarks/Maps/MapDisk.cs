using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Hearsay.Benchmarks.Maps;

/// <summary>
/// Maps in an SQLite file: many writers against a plain loop of transactions of 1,000 inserts, in turns, and the
/// opening of many keys against a plain SELECT of them.
/// </summary>
internal static class MapDisk
{
    private const int Writers = 1_000;
    private const int Inserts = 1_000;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(int keys)
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-bench-");
        try
        {
            for (var round = 0; round < 3; round++)
            {
                var (plain, transactions) = Plain(Path.Combine(directory.FullName, $"plain{round}.db"));
                var (own, writes, commits) = await OwnAsync(Path.Combine(directory.FullName, $"maps{round}.db"));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"plain loop of {Inserts:N0} inserts {plain,8:N0}/s, {Writers:N0} writers of a map {own,8:N0}/s "
                    + $"({writes / commits:N0} in the mean commit), ratio {own / plain:0.00}; "
                    + $"{transactions + commits:N0} commits of both"));
            }

            await RecoverAsync(Path.Combine(directory.FullName, "many.db"), keys, rounds: 3);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The opening alone.</summary>
    public static async Task OpenAsync(int keys, int rounds)
    {
        var directory = Directory.CreateTempSubdirectory("hearsay-bench-");
        try
        {
            await RecoverAsync(Path.Combine(directory.FullName, "many.db"), keys, rounds);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static (double PerSecond, long Transactions) Plain(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, "PRAGMA synchronous = FULL");
        Execute(connection, "CREATE TABLE t (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID");
        var (count, value, watch) = (0L, new byte[16], Stopwatch.StartNew());
        while (watch.Elapsed < s_time)
        {
            using var transaction = connection.BeginTransaction();
            using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "INSERT INTO t (key, value) VALUES ($key, $value)";
            var key = insert.Parameters.Add("$key", SqliteType.Text);
            insert.Parameters.AddWithValue("$value", value);
            insert.Prepare();
            for (var i = 0; i < Inserts; i++)
            {
                key.Value = $"{i}.{count / Inserts}";
                insert.ExecuteNonQuery();
                count++;
            }

            transaction.Commit();
        }

        return (count / watch.Elapsed.TotalSeconds, count / Inserts);
    }

    private static async Task<(double PerSecond, long Writes, long Commits)> OwnAsync(string path)
    {
        var storage = new CountingStorage(new SqliteMapStorage(path));
        await using var node = await StartAsync(storage);
        var (map, value, watch) = (node.GetMap("m"), new byte[16], Stopwatch.StartNew());
        var counts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var count = 0;
            for (; watch.Elapsed < s_time; count++)
            {
                await map.SetAsync($"{writer}.{count}", value);
            }

            return (long)count;
        }));
        return (counts.Sum() / watch.Elapsed.TotalSeconds, counts.Sum(), storage.Commits);
    }

    private static async Task RecoverAsync(string path, int keys, int rounds)
    {
        await using (var node = await StartAsync(new SqliteMapStorage(path)))
        {
            var map = node.GetMap("m");
            for (var first = 0; first < keys; first += 50 * MapOptions.LargestBatch)
            {
                await Task.WhenAll(Enumerable.Range(0, 50).Select(part =>
                {
                    var batch = new MapBatch();
                    for (var i = 0; i < MapOptions.LargestBatch; i++)
                    {
                        batch.Set($"key {first + (part * MapOptions.LargestBatch) + i}", "a value of 20 bytes.");
                    }

                    return map.WriteAsync(batch);
                }));
            }
        }

        using var process = Process.GetCurrentProcess();
        for (var round = 0; round < rounds; round++)
        {
            var plain = Select(path, out var rows);

            // What the node before has left is not the next one's to collect.
            GC.Collect();
            process.Refresh();
            var (watch, cpu, pause) = (
                Stopwatch.StartNew(), process.TotalProcessorTime, GC.GetTotalPauseDuration());
            await using var node = await StartAsync(new SqliteMapStorage(path));
            var opened = watch.Elapsed;
            process.Refresh();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{rows:N0} rows: SELECT {plain.TotalSeconds:0.00} s, start of a node {opened.TotalSeconds:0.00} s, "
                + $"ratio {opened / plain:0.00}; {(process.TotalProcessorTime - cpu).TotalSeconds:0.00} s of CPU, "
                + $"{(GC.GetTotalPauseDuration() - pause).TotalSeconds:0.00} s in collections"));
        }
    }

    private static TimeSpan Select(string path, out long rows)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, value FROM records ORDER BY map, key";
        var watch = Stopwatch.StartNew();
        using var reader = command.ExecuteReader();
        for (rows = 0; reader.Read(); rows++)
        {
            GC.KeepAlive(reader.GetFieldValue<byte[]>(0));
            GC.KeepAlive(reader.GetFieldValue<byte[]>(1));
        }

        return watch.Elapsed;
    }

    private static Task<GossipNode> StartAsync(IMapStorage storage) => GossipNode.StartAsync(new()
    {
        Bind = "127.0.0.1:0", Broadcast = null, Aggregation = null, MapStorage = storage,
        Maps = new() { MaximumKeys = 10_000_000, MaximumBytes = 8L << 30 },
    });

    private static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this file.
        command.CommandText = statement;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private sealed class CountingStorage(IMapStorage storage) : IMapStorage, IMapStore
    {
        private IMapStore _store = null!;
        private long _commits;

        public long Commits => Interlocked.Read(ref _commits);

        public IReadOnlyList<string> Maps => _store.Maps;

        public IMapStore Open()
        {
            _store = storage.Open();
            return this;
        }

        public IEnumerable<MapRecord> Read(string map) => _store.Read(map);

        public void Commit(IReadOnlyList<MapRecordChange> changes)
        {
            _store.Commit(changes);
            Interlocked.Increment(ref _commits);
        }

        public void Dispose() => _store.Dispose();
    }
}
