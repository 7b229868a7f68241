using System.Globalization;

namespace Hearsay.Benchmarks.Live;

/// <summary>
/// A stream from several publishers through processes of their own; in its middle a share of them is killed with
/// SIGKILL, a publisher among them, in the first round the seed too. What one survivor received, all must receive.
/// Args: processes (20), share killed (0.3), messages a round (1000), rounds (5).
/// </summary>
internal static class KillCampaign
{
    /// <summary>Of so many processes one publishes.</summary>
    private const int NodesPerPublisher = 4;
    private const int MessagesPerSecond = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async Task<int> RunAsync(string[] args)
    {
        var processes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        var share = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 0.3;
        var messages = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1000;
        var rounds = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 5;
        Console.WriteLine(
            $"{processes} processes, {share:P0} killed in mid-stream, {messages} messages at {MessagesPerSecond}/s\n"
            + "| round | killed, publishers | messages at survivors, of killed publishers | missing at the end | twice "
            + "| ms until received p50 / p99 / max | s to equal sets after the last publish |\n"
            + "|---|---|---|---|---|---|---|");
        var faults = 0L;
        for (var round = 0; round < rounds; round++)
        {
            faults += await RunRoundAsync(round, processes, (int)Math.Round(share * processes), messages);
        }

        Console.WriteLine(faults == 0 ? "every round: all survivors have the same messages, each once" : "FAILED");
        return faults == 0 ? 0 : 1;
    }

    private static async Task<long> RunRoundAsync(int round, int count, int toKill, int messages)
    {
        var nodes = new List<NodeProcess>();
        try
        {
            await StartAsync(nodes, count);
            var publishers = nodes.Where((_, i) => i % NodesPerPublisher == 0).ToList();
            publishers.ForEach(node => node.Publish(
                messages / publishers.Count, (double)MessagesPerSecond / publishers.Count));
            await UntilAsync(() => nodes[^1].Count >= messages / 2, "half of the messages came");

            var killed = Choose(nodes, publishers, toKill, round);
            killed.ForEach(static node => node.Kill());
            var survivors = nodes.Except(killed).ToList();
            await UntilAsync(() => publishers.Except(killed).All(static node => node.IsDone), "the rest was published");
            var (since, missing) = (DateTime.UtcNow, Missing(survivors));
            for (; missing > 0 && DateTime.UtcNow - since < Patience; missing = Missing(survivors))
            {
                await Task.Delay(20);
            }

            var seconds = (DateTime.UtcNow - since).TotalSeconds;
            await Task.Delay(3000); // What comes twice comes now.
            return Report(round, killed, publishers, survivors, seconds);
        }
        finally
        {
            nodes.ForEach(static node => node.Dispose());
        }
    }

    private static async Task StartAsync(List<NodeProcess> nodes, int count)
    {
        nodes.Add(new NodeProcess(null));
        await UntilAsync(() => nodes[0].Address is not null, "the first process started");
        for (var i = 1; i < count; i++)
        {
            nodes.Add(new NodeProcess(nodes[0].Address));
        }

        await UntilAsync(() => nodes.All(static node => node.IsReady), "every process has neighbours");
    }

    /// <summary>A publisher, in the first round the seed, and others by chance.</summary>
    private static List<NodeProcess> Choose(
        List<NodeProcess> nodes, List<NodeProcess> publishers, int count, int round)
    {
        var random = new Random(round);
        var first = publishers[round % publishers.Count];
        var others = nodes.Where(node => node != first && node != nodes[^1]).ToArray();
        random.Shuffle(others);
        return [first, .. others.Take(count - 1)];
    }

    private static long Missing(List<NodeProcess> survivors)
    {
        var sets = survivors.ConvertAll(static node => node.Received());
        var all = sets.SelectMany(static set => set.Keys).ToHashSet();
        return sets.Sum(set => (long)all.Count - set.Count);
    }

    private static long Report(
        int round, List<NodeProcess> killed, List<NodeProcess> publishers, List<NodeProcess> survivors, double seconds)
    {
        var missing = Missing(survivors);
        var twice = survivors.Sum(static node => node.Twice);
        var sets = survivors.ConvertAll(static node => node.Received());
        var all = sets.SelectMany(static set => set.Keys).ToHashSet();
        var ofKilled = all.Count(id => killed.Exists(node => id.StartsWith(node.Id!, StringComparison.Ordinal)));
        double[] ages = [.. sets.SelectMany(static set => set.Values).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {round + 1} | {killed.Count}, {killed.Intersect(publishers).Count()} | {all.Count}, {ofKilled} "
            + $"| {missing} | {twice} | {ages[ages.Length / 2]:F1} / {ages[ages.Length * 99 / 100]:F1} / {ages[^1]:F0} "
            + $"| {seconds:F1} |"));
        return missing + twice;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var since = DateTime.UtcNow;
        while (!condition())
        {
            if (DateTime.UtcNow - since > Patience)
            {
                throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {what}.");
            }

            await Task.Delay(20);
        }
    }
}
