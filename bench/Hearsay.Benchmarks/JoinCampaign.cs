using System.Diagnostics;

namespace Hearsay.Benchmarks;

/// <summary>
/// Nodes that start together through one seed with a cycle of 1 s: 256 of them, 20 times, shall be one component with
/// at least c/2 peers each within 5 s. Then the CPU per join at several sizes, which shall not grow with N.
/// </summary>
internal static class JoinCampaign
{
    private const int Nodes = 256;
    private const int Runs = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync()
    {
        var slowest = TimeSpan.Zero;
        var good = 0;
        for (var run = 1; run <= Runs; run++)
        {
            var (took, _) = await OnceAsync(Nodes);
            good += took <= Limit ? 1 : 0;
            slowest = took > slowest ? took : slowest;
            Console.Error.WriteLine($"run {run} of {Runs}: {took.TotalSeconds:0.00} s");
        }

        Console.WriteLine(
            $"{Nodes} nodes: {good} of {Runs} within {Limit.TotalSeconds:0} s, slowest {slowest.TotalSeconds:0.00} s");
        foreach (var count in new[] { 64, 128, 256, 512, 1000 })
        {
            var (took, cpu) = await OnceAsync(count);
            Console.WriteLine(
                $"N = {count}: joined in {took.TotalSeconds:0.00} s, "
                + $"{cpu.TotalMilliseconds / count:0.00} ms of CPU per join");
        }

        return good == Runs ? 0 : 1;
    }

    /// <summary>
    /// From the last start until every view is half full and there is one component; the CPU from the first start.
    /// </summary>
    private static async Task<(TimeSpan Took, TimeSpan Cpu)> OnceAsync(int count)
    {
        var sampling = PeerSamplingOptions.Recommended;
        var before = Environment.CpuUsage.TotalTime;
        await using var network = await LiveNetwork.StartAsync(count, sampling);
        while (network.Nodes.Any(node => node.ViewCount < sampling.ViewSize / 2) || network.Measure().Components != 1)
        {
            if (Stopwatch.GetElapsedTime(network.LastStart) > 12 * Limit)
            {
                break;
            }

            await Task.Delay(50);
        }

        return (Stopwatch.GetElapsedTime(network.LastStart), Environment.CpuUsage.TotalTime - before);
    }
}
