using System.Globalization;

namespace Hearsay.Benchmarks.Maps;

/// <summary>
/// How long a write needs to be on all other nodes of one process, and how many bytes cross the loopback interface for
/// it: Hearsay's map beside Akka.DistributedData, as it comes and with the times of its replicator shortened.
/// </summary>
/// <remarks>Nothing else may use the loopback interface meanwhile. Both keep their own traffic of membership.</remarks>
internal static class MapBesideAkka
{
    private const string Short = "gossip-interval = 200 ms, notify-subscribers-interval = 20 ms, "
        + "delta-crdt.delta-propagation-interval = 20 ms";

    public static async Task RunAsync(int nodes, int writes)
    {
        await HearsayAsync(nodes, writes);
        await AkkaAsync("Akka.DistributedData", nodes, writes, "");
        await AkkaAsync("the same with short times", nodes, writes, Short);
    }

    private static async Task HearsayAsync(int nodes, int writes)
    {
        var all = await MapLive.StartAsync(nodes);
        using var ended = new CancellationTokenSource();
        var came = new Arrivals(nodes);
        foreach (var node in all)
        {
            _ = MapLive.WatchAsync(node, came, ended.Token);
        }

        var map = all[0].GetMap("m");
        await MeasureAsync("Hearsay", nodes, writes, came, text => map.SetAsync(text, text));
        await ended.CancelAsync();
        await Task.WhenAll(all.Select(static node => node.DisposeAsync().AsTask()));
    }

    private static async Task AkkaAsync(string name, int nodes, int writes, string settings)
    {
        await using var akka = new AkkaMaps();
        await akka.StartAsync(nodes, settings);
        var came = new Arrivals(nodes);
        akka.Watch(came);
        await MeasureAsync(name, nodes, writes, came, akka.WriteAsync);
    }

    private static async Task MeasureAsync(
        string name, int nodes, int writes, Arrivals came, Func<string, Task> write)
    {
        Console.WriteLine($"{name}: {nodes} nodes run");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await came.TimeAsync("first", () => write("first"));
        var idle = Loopback();
        await Task.Delay(TimeSpan.FromSeconds(10));
        idle = (Loopback() - idle) / 10;
        var (times, before, from) = (new List<double>(), Loopback(), Environment.TickCount64);
        for (var i = 0; i < writes; i++)
        {
            times.Add(await came.TimeAsync($"{i}", () => write($"{i}")));
        }

        var bytes = Loopback() - before;
        var seconds = (Environment.TickCount64 - from) / 1000.0;
        times.Sort();
        var (median, high) = (times[times.Count / 2], times[times.Count * 99 / 100]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  a write is on all after {median:0.0} ms (median), {high:0.0} ms (p99); "
            + $"idle {idle / nodes / 1000.0:0.0} kB a second and node; "
            + $"{(bytes - (idle * seconds)) / nodes / writes / 1000.0:0.00} kB a write and node beyond that"));
    }

    /// <summary>The bytes that have crossed the loopback interface.</summary>
    private static long Loopback() => long.Parse(
        File.ReadLines("/proc/net/dev").Select(static line => line.Trim())
            .First(static line => line.StartsWith("lo:", StringComparison.Ordinal))
            .Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
        CultureInfo.InvariantCulture);
}
