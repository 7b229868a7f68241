using System.Diagnostics;
using System.Globalization;

namespace Hearsay.Benchmarks.Http;

/// <summary>
/// Event streams of one topic: readers that keep up, and then two fifths as many that take nothing. The server with its
/// node is one process, the readers are this one. <c>streams [READERS [RATE [SECONDS [BYTES]]]]</c>
/// </summary>
internal static class HttpStreamsCampaign
{
    private const string Path = "/v1/topics/t/events";
    private const int Peers = 4;
    private const int WarmUpSeconds = 8;
    private const int SlowBytes = 2_000;
    private const int LargestReaderBytes = 64 << 10;
    private const double PaceTolerance = 0.05;

    public static async Task<int> RunAsync(string[] args)
    {
        int Argument(int place, int otherwise) =>
            args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
        var (count, rate, seconds, bytes) = (Argument(0, 500), Argument(1, 500), Argument(2, 30), Argument(3, 200));
        using var server = await ServerChild.StartAsync($"{Peers}");
        var calm = await PaceAsync(server, () => Task.Delay(TimeSpan.FromSeconds(20)));
        using var fast = await StreamReaders.OpenAsync(server.Port, Path, count, reads: true);
        await server.AskAsync($"publish {rate} {WarmUpSeconds} {bytes}");
        await SettleAsync(fast, rate * WarmUpSeconds);
        fast.Clear();
        var (cpu, watch) = (server.ProcessorTime, Stopwatch.StartNew());
        var published = 0L;
        var busy = await PaceAsync(server, async () =>
            published = (await server.AskNumbersAsync($"publish {rate} {seconds} {bytes}"))[0]);
        await SettleAsync(fast, published);
        var used = (Used: (server.ProcessorTime - cpu).TotalSeconds, Took: watch.Elapsed.TotalSeconds);
        fast.Dispose();
        var each = await MeasureSlowAsync(server, rate, count * 2 / 5);
        return Report(fast, published, each, (calm, busy), used);
    }

    /// <summary>
    /// What a reader that takes nothing costs, in bytes of the server's heap. Messages are long, since the kernel keeps
    /// some megabytes for each connection.
    /// </summary>
    private static async Task<double> MeasureSlowAsync(ServerChild server, int rate, int count)
    {
        using var one = await StreamReaders.OpenAsync(server.Port, Path, 1, reads: true);
        await server.AskAsync($"publish {rate} {WarmUpSeconds} {SlowBytes}");
        var before = (await server.AskNumbersAsync("memory"))[0];
        using var slow = await StreamReaders.OpenAsync(server.Port, Path, count, reads: false);
        await server.AskAsync($"publish {rate} {3 * WarmUpSeconds} {SlowBytes}");
        return ((await server.AskNumbersAsync("memory"))[0] - before) / (double)count;
    }

    private static int Report(
        StreamReaders fast, long published, double each, (double Calm, double Busy) pace,
        (double Used, double Took) cpu)
    {
        var whole = fast.Messages.Count(messages => messages == published);
        var lost = fast.Lags.Count(static lags => lags > 0);
        var delays = fast.Delays;
        var off = Math.Abs((pace.Busy / pace.Calm) - 1);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            published {published:n0} messages in {cpu.Took:0.0} s; the server used {cpu.Used / cpu.Took:0.00} cores
            readers that keep up: {whole} of {fast.Messages.Count} have every message, {lost} were told of a loss
            delay to one: median {delays[delays.Length / 2]:0.0} ms, p99 {delays[delays.Length * 99 / 100]:0.0} ms
            readers that take nothing: {each / 1024:0.0} KiB of the server's heap each (goal {LargestReaderBytes >> 10})
            cycles of the node: {pace.Calm:0.000} s before, {pace.Busy:0.000} s meanwhile ({off:0.0 %} off, goal 5 %)
            """));
        return whole == fast.Messages.Count && lost == 0 && each <= LargestReaderBytes && off <= PaceTolerance ? 0 : 1;
    }

    /// <summary>The mean time between the starts of cycles while something goes on, in seconds.</summary>
    private static async Task<double> PaceAsync(ServerChild server, Func<Task> goesOn)
    {
        var first = await server.AskNumbersAsync("cycles");
        while (first[1] == 0)
        {
            await Task.Delay(100); // None has begun since it looks.
            first = await server.AskNumbersAsync("cycles");
        }

        await goesOn();
        var last = await server.AskNumbersAsync("cycles");
        return Stopwatch.GetElapsedTime(first[1], last[1]).TotalSeconds / (last[0] - first[0]);
    }

    /// <summary>Waits until all have everything, or nothing comes any more.</summary>
    private static async Task SettleAsync(StreamReaders readers, long messages)
    {
        var (last, quiet) = (-1L, 0);
        while (quiet < 30 && readers.Messages.Any(read => read < messages))
        {
            await Task.Delay(100);
            var sum = readers.Messages.Sum();
            (last, quiet) = (sum, sum == last ? quiet + 1 : 0);
        }
    }
}
