using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// What a live network agrees on: nodes with UDP sockets in this process, a cycle of 200 ms and epochs of 30 cycles.
/// Args: nodes (200), share of datagrams lost in the second part (0.1), epochs measured in each (3), the cycle of
/// peer sampling in milliseconds (200).
/// </summary>
internal static class LiveAggregationCampaign
{
    private const double ErrorBound = 1e-6;
    private const double MassBound = 1e-9;
    private const double SizeBound = 0.05;

    public static async Task<int> RunAsync(string[] args)
    {
        var nodes = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200;
        var loss = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 0.1;
        var epochs = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 3;
        TimeSpan? sampling = args.Length > 4
            ? TimeSpan.FromMilliseconds(int.Parse(args[4], CultureInfo.InvariantCulture)) : null;
        var good = true;
        using var pauses = new Pauses();
        await using (var sound = await AggregateCluster.StartAsync(nodes, 0, sampling))
        {
            good &= await AgreeAsync(sound, epochs, pauses);
            good &= await StepAsync(sound);
            good &= await ReplaceAsync(sound, epochs);
        }

        await using (var lossy = await AggregateCluster.StartAsync(nodes, loss, sampling))
        {
            good &= await AgreeAsync(lossy, epochs, pauses);
            Print($"  over a network in memory that loses {loss:P1} of the datagrams");
        }

        return good ? 0 : 1;
    }

    /// <summary>How far the nodes are apart at the end of an epoch, and whether the sum is what it was.</summary>
    private static async Task<bool> AgreeAsync(AggregateCluster cluster, int epochs, Pauses pauses)
    {
        var good = true;
        var first = await SettledAsync(cluster);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var exchanges = cluster.Exchanges;
        for (var epoch = first; epoch < first + epochs; epoch++)
        {
            var (apart, mass) = Errors(cluster, await cluster.WholeEpochAsync(epoch));
            good &= apart <= ErrorBound && mass <= MassBound;
            var done = cluster.Exchanges;
            Print($"epoch {epoch}: largest relative error {apart:E1} (at most {ErrorBound:E0}), "
                + $"sum off by {mass:E1} (at most {MassBound:E0}), "
                + $"{(double)(done - exchanges) / cluster.Nodes.Count:F1} exchanges of each node, "
                + $"timers up to {pauses.Longest().TotalMilliseconds:F0} ms late");
            exchanges = done;
        }

        var share = (Environment.CpuUsage.TotalTime - cpu) / clock.Elapsed;
        Print($"  {share / cluster.Nodes.Count:P3} of a core for each node");
        return good;
    }

    private static async Task<bool> StepAsync(AggregateCluster cluster)
    {
        // In the middle of an epoch, so that it is clear which is the first that starts after it.
        var before = cluster.Epoch;
        while (cluster.Epoch == before)
        {
            await Task.Delay(20);
        }

        await Task.Delay(AggregateCluster.Options.EpochTime / 2);
        var epoch = cluster.Epoch + 1;
        for (var i = 0; i < cluster.Values.Length; i += 2)
        {
            Volatile.Write(ref cluster.Values[i], cluster.Values[i] + 1000);
        }

        var (apart, _) = Errors(cluster, await cluster.WholeEpochAsync(epoch));
        Print($"half of the values up by 1000: in the next epoch, {epoch}, largest relative error {apart:E1} "
            + $"(at most {ErrorBound:E0})");
        return apart <= ErrorBound;
    }

    /// <summary>The network's size while one node in a hundred is replaced each cycle.</summary>
    private static async Task<bool> ReplaceAsync(AggregateCluster cluster, int epochs)
    {
        var (cycle, size) = (AggregateCluster.Options.CycleTime, cluster.Nodes.Count);
        var each = Math.Max(1, size / 100);
        var cycles = AggregateCluster.Options.CyclesPerEpoch;
        var (clock, replaced, next) = (Stopwatch.StartNew(), 0, AggregateCluster.SeedCount);
        var sizes = new List<double>();
        while (clock.Elapsed < cycle * cycles * (epochs + 2))
        {
            for (; replaced < clock.Elapsed / cycle * each; replaced++)
            {
                await cluster.ReplaceAsync(next);
                next = next + 1 == size ? AggregateCluster.SeedCount : next + 1;
            }

            if (clock.Elapsed > cycle * cycles * 2)
            {
                sizes.AddRange(cluster.Nodes.Select(static node => node.NetworkSize).OfType<double>());
            }

            await Task.Delay(cycle / 4);
        }

        var worst = sizes.Max(estimate => Math.Abs(estimate - size) / size);
        Print($"{replaced / (clock.Elapsed / cycle) / size:P2} of the nodes replaced each cycle: size between "
            + $"{sizes.Min():F1} and {sizes.Max():F1} for {size} in {sizes.Count} readings, at most {worst:P1} off "
            + $"(at most {SizeBound:P0})");
        return worst <= SizeBound;
    }

    /// <summary>The first epoch to begin from now on, once there was one in which everybody took part.</summary>
    private static async Task<long> SettledAsync(AggregateCluster cluster)
    {
        for (var epoch = Math.Max(1, cluster.Epoch); ; epoch++)
        {
            var ends = await cluster.WholeEpochAsync(epoch);
            if (ends.Length == cluster.Nodes.Count && ends.All(static end => end.Contributors > 0.999))
            {
                return epoch + 1;
            }
        }
    }

    private static (double Apart, double Mass) Errors(AggregateCluster cluster, AggregateEstimate[] ends)
    {
        if (ends.Length != cluster.Nodes.Count)
        {
            return (double.PositiveInfinity, double.PositiveInfinity);
        }

        var mean = cluster.Values.Average();
        var mass = Math.Abs(ends.Sum(static end => end.Value * end.Contributors) / cluster.Values.Sum() - 1);
        return (ends.Max(end => Math.Abs(end.Value - mean) / mean), mass);
    }

    /// <summary>The culture is invariant in all of this process.</summary>
    private static void Print(string text) => Console.WriteLine(text);
}
