using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// What a request to a peer costs beside a bare UDP request and its reply of the same length, in turns: processor time
/// of this process, which is both ends.
/// </summary>
internal static class RequestCampaign
{
    private const double Goal = 2;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(string[] args)
    {
        var bytes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
        await using var first = await StartAsync();
        await using var second = await StartAsync($"{first.LocalAddress}");
        await second.WaitForPeersAsync().WaitAsync(TimeSpan.FromSeconds(30));
        using var echo = first.HandleRequests("echo", static (request, _) => ValueTask.FromResult(request.Payload));
        second.TryGetPeer(out var peer);
        using var floor = new RequestFloor(bytes);
        var payload = new byte[bytes];
        Console.WriteLine($"requests of {bytes} bytes each way, both ends in one process; µs of CPU a request");
        var holds = true;
        foreach (var outstanding in new[] { 1, 16, 64 })
        {
            var ratios = new List<double>();
            for (var round = 0; round < 3; round++)
            {
                var (bare, bareRate, _) = await MeasureAsync(outstanding, floor.AskAsync);
                var (own, rate, allocated) = await MeasureAsync(
                    outstanding, async () => await second.RequestAsync(peer, "echo", payload));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{outstanding,3} at a time: floor {bare,5:0.0} µs ({bareRate,7:0}/s), request {own,5:0.0} µs "
                    + $"({rate,7:0}/s, {allocated:0} B allocated), ratio {own / bare:0.00}"));
                ratios.Add(own / bare);
            }

            ratios.Sort();
            holds &= ratios[1] <= Goal;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{outstanding,3} at a time: {ratios[1]:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00}), goal {Goal}"));
        }

        return holds ? 0 : 1;
    }

    private static async Task<(double Microseconds, double PerSecond, double AllocatedBytes)> MeasureAsync(
        int outstanding, Func<Task> ask)
    {
        await Task.WhenAll(Enumerable.Range(0, outstanding).Select(_ => LoopAsync(ask, TimeSpan.FromSeconds(1))));
        using var process = Process.GetCurrentProcess();
        var (cpu, allocated, watch) = (
            process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        var counts = await Task.WhenAll(Enumerable.Range(0, outstanding).Select(_ => LoopAsync(ask, s_time)));
        process.Refresh();
        var count = counts.Sum();
        return (
            (process.TotalProcessorTime - cpu).TotalMicroseconds / count, count / watch.Elapsed.TotalSeconds,
            (double)(GC.GetTotalAllocatedBytes() - allocated) / count);
    }

    private static async Task<long> LoopAsync(Func<Task> ask, TimeSpan time)
    {
        var count = 0L;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; count++)
        {
            await ask();
        }

        return count;
    }

    private static Task<GossipNode> StartAsync(params string[] seeds) => GossipNode.StartAsync(new GossipNodeOptions
    {
        Bind = "127.0.0.1:0", Seeds = seeds, Cluster = $"requests-{Environment.ProcessId}",
        Requests = new RequestOptions { PerSecond = 1_000_000 },
    });
}
