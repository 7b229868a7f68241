using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Maps;

/// <summary>Reads and writes of a map that is kept in memory, on one node without peers.</summary>
internal static class MapSpeed
{
    private const int Keys = 100_000;
    private const int Writers = 256;
    private static TimeSpan s_time;

    public static async Task RunAsync(int seconds)
    {
        s_time = TimeSpan.FromSeconds(seconds);
        await using var node = await GossipNode.StartAsync(new()
        {
            Bind = "127.0.0.1:0", Maps = new(), Broadcast = null, Aggregation = null,
        });
        var map = node.GetMap("m");
        var keys = Enumerable.Range(0, Keys).Select(static i => $"key {i}").ToArray();
        foreach (var part in keys.Chunk(MapOptions.LargestBatch))
        {
            await map.WriteAsync(part.Aggregate(new MapBatch(), static (batch, key) => batch.Set(key, key)));
        }

        // In another order than that in which they were written, and each caller has its key at hand.
        string[] asked = [.. keys.Select((_, i) => new string(keys[(int)((i * 7_919L) % keys.Length)].AsSpan()))];
        for (var round = 0; round < 3; round++)
        {
            Reads(map, asked);
            await WritesAsync(map, keys);
            await BatchesAsync(map, keys);
        }

    }

    private static void Reads(GossipMap map, string[] keys)
    {
        using var process = Process.GetCurrentProcess();
        var (count, found, allocated, cpu, watch) = (
            0L, 0L, GC.GetAllocatedBytesForCurrentThread(), process.TotalProcessorTime, Stopwatch.StartNew());
        while (watch.Elapsed < s_time)
        {
            for (var i = 0; i < 10_000; i++)
            {
                found += map.TryGet(keys[(int)(count++ % keys.Length)], out var entry)
                    ? entry.Key.Length + entry.Bytes.Length : 0;
            }
        }

        process.Refresh();
        Tell(
            "reads, one thread", count, watch, GC.GetAllocatedBytesForCurrentThread() - allocated,
            process.TotalProcessorTime - cpu);
        GC.KeepAlive(found);
    }

    private static async Task WritesAsync(GossipMap map, string[] keys)
    {
        using var process = Process.GetCurrentProcess();
        var (allocated, cpu, watch) = (
            GC.GetTotalAllocatedBytes(), process.TotalProcessorTime, Stopwatch.StartNew());
        var value = new byte[16];
        var counts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var count = 0;
            for (; watch.Elapsed < s_time; count++)
            {
                await map.SetAsync(keys[(writer + (count * Writers)) % keys.Length], value);
            }

            return (long)count;
        }));
        process.Refresh();
        Tell(
            $"writes, {Writers} writers", counts.Sum(), watch, GC.GetTotalAllocatedBytes() - allocated,
            process.TotalProcessorTime - cpu);
    }

    private static async Task BatchesAsync(GossipMap map, string[] keys)
    {
        using var process = Process.GetCurrentProcess();
        var (count, allocated, cpu, watch) = (
            0L, GC.GetTotalAllocatedBytes(), process.TotalProcessorTime, Stopwatch.StartNew());
        var value = new byte[16];
        while (watch.Elapsed < s_time)
        {
            var batch = new MapBatch();
            for (var i = 0; i < MapOptions.LargestBatch; i++)
            {
                batch.Set(keys[count++ % keys.Length], value);
            }

            await map.WriteAsync(batch);
        }

        process.Refresh();
        Tell(
            $"writes in batches of {MapOptions.LargestBatch}", count, watch, GC.GetTotalAllocatedBytes() - allocated,
            process.TotalProcessorTime - cpu);
    }

    private static void Tell(string what, long count, Stopwatch watch, long allocated, TimeSpan cpu) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-26} {count / watch.Elapsed.TotalSeconds,10:N0}/s, {(double)allocated / count,6:0} B allocated "
            + $"each, {count / cpu.TotalSeconds:N0} a second of CPU"));
}
