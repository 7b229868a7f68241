using Hearsay.Tests.Features.Maps.Storage;
using Microsoft.Data.Sqlite;

namespace Hearsay.Storage.Sqlite.Tests;

/// <summary>Maps in an SQLite file.</summary>
public sealed class SqliteMapStorageTests : MapStorageConformance, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File => Path.Combine(_directory.Path, "deep", "maps.db");

    protected override IMapStorage Storage => new SqliteMapStorage(File);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_has_one_user()
    {
        using (Storage.Open())
        {
            Assert.Contains("in use", Assert.Throws<IOException>(Storage.Open).Message, StringComparison.Ordinal);
        }

        Storage.Open().Dispose();
    }

    [Theory]
    [InlineData("This is a text about something else, and it is longer than the header of an SQLite file, by far.")]
    [InlineData("short")]
    public void A_file_that_is_not_one_of_maps_is_refused_and_left_as_it_was(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text);
        var error = Assert.Throws<IOException>(Storage.Open);
        Assert.Contains("not an SQLite file", error.Message, StringComparison.Ordinal);
        Assert.Equal(text, System.IO.File.ReadAllText(File));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!, "maps.db*"), File);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 1", "of another program")]
    [InlineData("PRAGMA application_id = 1215460217; PRAGMA user_version = 3", "has version 3")]
    public void A_database_of_others_and_of_a_later_version_are_refused_and_left_as_they_were(
        string statement, string message)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            SqliteFile.Execute(connection, $"CREATE TABLE t (a); {statement}");
        }

        var before = System.IO.File.ReadAllBytes(File);
        Assert.Contains(message, Assert.Throws<IOException>(Storage.Open).Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    /// <summary>Programs of version 1 look into the header, and refuse what they could misunderstand.</summary>
    [Fact]
    public async Task A_file_of_an_earlier_version_is_read_and_marked()
    {
        await using (var node = await StartAsync())
        {
            await node.GetMap("m").SetAsync("k", "v");
        }

        using (var connection = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            connection.Open();
            SqliteFile.Execute(connection, "PRAGMA user_version = 1");
        }

        Assert.Equal(1, System.IO.File.ReadAllBytes(File)[63]);
        await using var again = await StartAsync();
        Assert.True(again.GetMap("m").TryGet("k", out _));
        await using var header = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        header.Position = 63;
        Assert.Equal(SqliteFile.Version, header.ReadByte());
    }

    [Fact]
    public async Task A_damaged_file_is_refused_with_advice_and_left_as_it_was()
    {
        await using (var node = await StartAsync())
        {
            for (var i = 0; i < 300; i++)
            {
                await node.GetMap("m").SetAsync($"{i}", new string('x', 100));
            }
        }

        var bytes = System.IO.File.ReadAllBytes(File);
        for (var page = 4_096; page < bytes.Length; page += 4_096)
        {
            bytes.AsSpan(page, 64).Fill(0xA5);
        }

        System.IO.File.WriteAllBytes(File, bytes);
        var error = await Assert.ThrowsAsync<IOException>(StartAsync);
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("Put a backup in its place", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public async Task A_backup_is_made_while_the_node_writes_and_what_it_lacks_comes_from_others()
    {
        var backup = Path.Combine(_directory.Path, "backup.db");
        await using var node = await StartAsync();
        var map = node.GetMap("m");
        await map.SetAsync("before", "1");
        await map.SetAsync("gone", "1");
        using var ended = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !ended.IsCancellationRequested; i++)
            {
                await map.SetAsync($"{i % 100}", $"{i}");
            }
        });
        new SqliteMapStorage(File).BackUp(backup);
        Assert.Throws<IOException>(() => new SqliteMapStorage(File).BackUp(backup));
        await ended.CancelAsync();
        await writing;
        await map.RemoveAsync("gone");
        await map.SetAsync("after", "2");

        await using var restored = await GossipNode.StartAsync(new GossipNodeOptions
        {
            Bind = "127.0.0.1:0", RandomSeed = LiveSeed.Next(), Seeds = [$"{node.LocalAddress}"],
            Maps = new() { CycleTime = TimeSpan.FromMilliseconds(50) }, MapStorage = new SqliteMapStorage(backup),
        });
        var copy = restored.GetMap("m");
        Assert.True(copy.TryGet("before", out _) && copy.TryGet("gone", out _));
        for (var tries = 0; (await copy.ReadStatusAsync()).Root != (await map.ReadStatusAsync()).Root; tries++)
        {
            Assert.True(tries < 200, "both are equal within 10 s");
            await Task.Delay(50);
        }

        Assert.Equal((true, false), (copy.TryGet("after", out _), copy.TryGet("gone", out _)));
    }

    [Fact]
    public void There_is_no_backup_of_what_is_not_there()
    {
        Assert.Throws<IOException>(() => new SqliteMapStorage(File).BackUp(File + ".bak"));
        Assert.False(System.IO.File.Exists(File));
        Assert.Throws<ArgumentException>(() => new SqliteMapStorage(" "));
    }

    [Fact]
    public void The_records_of_a_map_that_is_alone_are_counted_and_others_cost_too_much()
    {
        using var store = (SqliteMapStore)Storage.Open();
        Assert.Equal(0, store.EstimateCount("m"));
        store.Commit([Put("m", [1], [1]), Put("m", [2], [1]), Put("m", [3], [1])]);
        Assert.Equal(3, store.EstimateCount("m"));
        store.Commit([Put("other", [1], [1])]);
        Assert.Equal(0, store.EstimateCount("m"));
    }

    [Fact]
    public void A_commit_that_does_not_fit_the_disk_is_not_done_and_the_next_one_is()
    {
        using var store = (SqliteMapStore)Storage.Open();
        store.Commit([Put("m", [1], [1])]);
        SqliteFile.Execute(store.Connection, "PRAGMA max_page_count = 12");
        var error = Assert.Throws<IOException>(() => store.Commit(
            [Put("m", [2], [2]), Put("new", [3], new byte[1 << 20]), Put("m", [1], [9])]));
        Assert.Contains("is full", error.Message, StringComparison.Ordinal);
        Assert.Equal(["01=01"], Records(store, "m"));
        Assert.Equal(["m"], store.Maps);
        store.Commit([Put("m", [2], [4])]);
        Assert.Equal(["01=01", "02=04"], Records(store, "m"));
    }
}
