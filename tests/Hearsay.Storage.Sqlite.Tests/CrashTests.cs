using System.Collections.Concurrent;
using System.Globalization;

namespace Hearsay.Storage.Sqlite.Tests;

/// <summary>Machines that crash: what was not synced is lost in part or wholly, and no acknowledged write is.</summary>
public sealed class CrashTests
{
    private const int Writers = 8;

    [Fact]
    public Task No_acknowledged_write_is_lost_in_30_crashes() => CrashAsync(30, LosingFiles.Name, expectLoss: false);

    [Fact, Campaign]
    public Task No_acknowledged_write_is_lost_in_1_000_crashes() =>
        CrashAsync(1_000, LosingFiles.Name, expectLoss: false);

    [Fact]
    public Task Control_without_a_sync_of_the_wal_writes_are_lost() =>
        CrashAsync(30, LosingFiles.NameWithoutWalSync, expectLoss: true);

    private static async Task CrashAsync(int crashes, string vfs, bool expectLoss)
    {
        LosingFiles.Register();
        using var root = new TemporaryDirectory();
        var (random, lost) = (new Random(1), 0);
        var acknowledged = new ConcurrentDictionary<string, int>();
        var disk = Directory.CreateDirectory(Path.Combine(root.Path, "0")).FullName;
        for (var crash = 1; crash <= crashes; crash++)
        {
            var node = await StartAsync(disk, vfs);
            var map = node.GetMap("m");
            lost += await CheckAsync(map, acknowledged);
            var (left, ended) = (random.Next(1, 60), new TaskCompletionSource());
            var writing = Enumerable.Range(0, Writers).Select(async writer =>
            {
                for (var i = 1; !ended.Task.IsCompleted; i++)
                {
                    var (key, value) = ($"{writer}.{i % 5}", (crash * 1_000) + i);
                    await map.SetAsync(key, value.ToString(CultureInfo.InvariantCulture));
                    lock (acknowledged)
                    {
                        if (left > 0)
                        {
                            acknowledged[key] = value;
                        }

                        if (--left == 0)
                        {
                            ended.SetResult();
                        }
                    }
                }
            }).ToArray();
            await ended.Task;
            var after = Directory.CreateDirectory(Path.Combine(root.Path, $"{crash}")).FullName;
            LosingFiles.Crash(disk, after, random);
            await Task.WhenAll(writing);
            await node.DisposeAsync();
            Directory.Delete(disk, recursive: true);
            disk = after;
        }

        Assert.True(expectLoss == lost > 0, $"{lost} acknowledged writes were lost.");
    }

    /// <summary>How many acknowledged writes are not there; what is there beside them is a whole store.</summary>
    private static async Task<int> CheckAsync(GossipMap map, ConcurrentDictionary<string, int> acknowledged)
    {
        Assert.True((await map.ReadStatusAsync()).IsTrusted);
        var lost = 0;
        foreach (var (key, value) in acknowledged)
        {
            var there = map.TryGet(key, out var entry) ? int.Parse(entry.Text, CultureInfo.InvariantCulture) : 0;
            lost += there < value ? 1 : 0;
        }

        acknowledged.Clear();
        return lost;
    }

    private static Task<GossipNode> StartAsync(string directory, string vfs) => GossipNode.StartAsync(new()
    {
        Bind = "127.0.0.1:0", RandomSeed = LiveSeed.Next(), Maps = new(), Broadcast = null, Aggregation = null,
        MapStorage = new SqliteMapStorage(Path.Combine(directory, "maps.db")) { Vfs = vfs },
    });
}
