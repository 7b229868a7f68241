using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// What a delivery costs in a steady stream, beside bare sockets that forward the same bytes at the same pace. Args:
/// seconds a row (6), then nodes, bytes and messages a second ("max") of one row; all rows without. With "leases" at
/// the end, subscribers read in batches, without a copy.
/// </summary>
internal static class StreamCampaign
{
    private static readonly StreamRow[] s_rows =
    [
        new(50, 1_000, 500, 50), new(50, 1_000, null, 8), new(10, 100, 10_000, 10), new(2, 100, null, 8),
    ];

    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(string[] args)
    {
        var leases = args.LastOrDefault() == "leases";
        args = leases ? args[..^1] : args;
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 6;
        var rows = args.Length > 3
            ? [new StreamRow(Number(args[1]), Number(args[2]), args[3] == "max" ? null : Number(args[3]), 8)] : s_rows;
        foreach (var row in rows)
        {
            Console.WriteLine($"{row}, {seconds:0} s:");
            var floor = await MeasureAsync(new FloorStream(row.Nodes), row, seconds);
            Console.WriteLine($"  floor    {floor}");
            var hearsay = await MeasureAsync(await HearsayStream.StartAsync(row.Nodes, leases), row, seconds);
            Console.WriteLine($"  Hearsay  {hearsay}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  ratio    {hearsay.CpuMicroseconds / floor.CpuMicroseconds:0.00} of the floor's CPU a delivery; "
                + $"lost untold {(hearsay.Messages * (row.Nodes - 1)) - hearsay.Deliveries - hearsay.Missed}"));
        }

        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<StreamCost> MeasureAsync(IStream stream, StreamRow row, double seconds)
    {
        await using var ended = stream;
        await PublishAsync(stream, row with { PerSecond = Math.Min(row.PerSecond ?? 200, 200) }, 2);
        await SettleAsync(stream);
        using var process = Process.GetCurrentProcess();
        var (cpu, allocated, packets) = (
            process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), stream.Packets);
        var (deliveries, missed, watch) = (stream.Deliveries, stream.Missed, Stopwatch.StartNew());
        var messages = await PublishAsync(stream, row, seconds);
        await SettleAsync(stream);
        process.Refresh();
        var count = stream.Deliveries - deliveries;
        return new StreamCost(
            messages, count, stream.Missed - missed, (watch.Elapsed - s_quiet).TotalSeconds,
            (process.TotalProcessorTime - cpu).TotalMicroseconds / count,
            (stream.Packets - packets) / (double)count,
            (GC.GetTotalAllocatedBytes() - allocated) / (double)count);
    }

    /// <summary>Several publish, each from nodes of its own, together as many a second as the row says.</summary>
    private static async Task<long> PublishAsync(IStream stream, StreamRow row, double seconds)
    {
        var publishers = Math.Min(row.Publishers, row.Nodes == 2 ? row.Publishers : row.Nodes);
        var counts = await Task.WhenAll(Enumerable.Range(0, publishers).Select(
            publisher => Task.Run(() => PublishAsync(stream, row, seconds, publisher, publishers))));
        return counts.Sum();
    }

    private static async Task<long> PublishAsync(
        IStream stream, StreamRow row, double seconds, int publisher, int publishers)
    {
        var (count, watch) = (0L, Stopwatch.StartNew());
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            if (row.PerSecond is { } rate)
            {
                // Each at a moment of its own: messages that start together cost less, and floor and product alike.
                var due = (((double)count * publishers) + publisher) / rate;
                var ahead = TimeSpan.FromSeconds(due) - watch.Elapsed;
                if (ahead > TimeSpan.FromMilliseconds(2))
                {
                    await Task.Delay(ahead);
                }
            }

            await stream.PublishAsync(publisher % row.Nodes, new byte[row.Bytes]);
            count++;
        }

        return count;
    }

    /// <summary>Waits until nothing comes any more.</summary>
    private static async Task SettleAsync(IStream stream)
    {
        for (var before = -1L; before != stream.Deliveries;)
        {
            before = stream.Deliveries;
            await Task.Delay(s_quiet);
        }
    }
}
