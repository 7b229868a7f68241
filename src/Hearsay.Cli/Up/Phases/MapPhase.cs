using System.Diagnostics;
using System.Globalization;
using Hearsay.Agent.Shell;
using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;

namespace Hearsay.Cli.Up.Phases;

/// <summary>
/// Lets nodes write one map, cuts their network in two, lets both halves go on writing, and heals it. Since sockets
/// cannot be cut from here, these nodes have a network of their own, inside the process.
/// </summary>
internal static class MapPhase
{
    private const string MapName = "up";
    private const string Counter = "count";
    private const int KeysPerNode = 10;
    private const int ValueBytes = 100;

    /// <summary>So long, in cycles, the halves do not reach each other: long enough to forget each other.</summary>
    private const int CutCycles = 15;

    /// <summary>The other half is looked for now and then only.</summary>
    private const int PatienceCycles = 120;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs it with as many nodes as the settings say.</summary>
    public static async Task<MapResult?> RunAsync(
        UpSettings settings, IUpDisplay display, CancellationToken cancellation)
    {
        var network = new MemoryNetwork(seed: settings.Seed);
        var nodes = new List<GossipNode>();
        try
        {
            for (var i = 0; i < settings.Nodes; i++)
            {
                nodes.Add(await GossipNode.StartAsync(
                    OptionsOf(settings, network, nodes), cancellation).ConfigureAwait(false));
            }

            var cycle = settings.Sampling.CycleTime;
            await UntilAsync(
                () => nodes.TrueForAll(node => node.ViewCount >= Math.Min(settings.FullView, nodes.Count / 2)),
                PatienceCycles * cycle, cancellation).ConfigureAwait(false);
            return await new Run(nodes, network, cycle, display).RunAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            await Task.WhenAll(nodes.Select(static node => node.LeaveAsync(new CancellationToken(canceled: true))))
                .ConfigureAwait(false);
        }
    }

    private static GossipNodeOptions OptionsOf(UpSettings settings, MemoryNetwork network, List<GossipNode> nodes) =>
        new()
        {
            Bind = network.NewAddress().ToString(), Network = network, Sampling = settings.Sampling,
            Seeds = nodes.Count == 0 ? [] : [$"{nodes[0].LocalAddress}"], Aggregation = null,
            Maps = new MapOptions
            {
                CycleTime = settings.Sampling.CycleTime > TimeSpan.FromMilliseconds(50)
                    ? settings.Sampling.CycleTime : TimeSpan.FromMilliseconds(50),
            },
        };

    private static async Task<double?> UntilAsync(
        Func<bool> holds, TimeSpan patience, CancellationToken cancellation)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < patience;)
        {
            if (holds())
            {
                return watch.Elapsed.TotalMilliseconds;
            }

            await Task.Delay(s_look, cancellation).ConfigureAwait(false);
        }

        return null;
    }

    private sealed class Run(List<GossipNode> nodes, MemoryNetwork network, TimeSpan cycle, IUpDisplay display)
    {
        private long _increments;

        public async Task<MapResult?> RunAsync(CancellationToken cancellation)
        {
            await WriteAsync("before", cancellation).ConfigureAwait(false);
            var spread = await EqualAsync(nodes, cancellation).ConfigureAwait(false);
            display.Line($"  {Counted.Of(nodes.Count, "node")} wrote {KeysPerNode} keys each; "
                + (spread is { } first ? $"all had all of them {Text(first)} later: root {Root(nodes[0])}"
                    : "they never became equal"));
            if (spread is null)
            {
                return null;
            }

            var (left, right) = (nodes[..(nodes.Count / 2)], nodes[(nodes.Count / 2)..]);
            network.Partition(left.Select(static node => node.LocalAddress));
            await Task.Delay(CutCycles * cycle, cancellation).ConfigureAwait(false);
            var before = Bytes(nodes[0]);
            await WriteAsync("during", cancellation).ConfigureAwait(false);
            await EqualAsync(left, cancellation).ConfigureAwait(false);
            await EqualAsync(right, cancellation).ConfigureAwait(false);
            display.Line($"  cut in two, both halves wrote as much again: roots {Root(left[0])} and {Root(right[0])}");

            var lacked = (Bytes(left[0]) - before + (Bytes(right[0]) - before)) / 2.0;
            var received = nodes.Sum(Received);
            network.Heal();
            var healed = await EqualAsync(nodes, cancellation).ConfigureAwait(false);
            var perNode = (nodes.Sum(Received) - received) / (double)nodes.Count;
            display.Line(healed is { } time
                ? $"  healed: all equal after {Text(time)}, root {Root(nodes[0])}. A node lacked {lacked:N0} bytes, "
                    + $"and received {perNode:N0} meanwhile, with everything that nodes tell each other"
                : "  healed, but they did not become equal in time");
            var count = nodes[0].GetMap(MapName).TryGet(Counter, out var entry) ? entry.Count : 0;
            return new MapResult(
                nodes[0].GetMap(MapName).Snapshot().Count, spread.Value, healed, lacked, perNode, _increments - count);
        }

        private Task WriteAsync(string when, CancellationToken cancellation) => Task.WhenAll(
            nodes.Select(async (node, index) =>
            {
                var map = node.GetMap(MapName);
                for (var i = 0; i < KeysPerNode; i++)
                {
                    await map.SetAsync(
                        string.Create(CultureInfo.InvariantCulture, $"{when} {index} {i}"), new byte[ValueBytes],
                        cancellationToken: cancellation).ConfigureAwait(false);
                }

                await map.IncrementAsync(Counter, cancellationToken: cancellation).ConfigureAwait(false);
                Interlocked.Increment(ref _increments);
            }));

        private Task<double?> EqualAsync(List<GossipNode> some, CancellationToken cancellation) => UntilAsync(
            () => some.TrueForAll(node => Root(node) == Root(some[0]) && Context(node) == Context(some[0])),
            PatienceCycles * cycle, cancellation);

        private static string Text(double milliseconds) => string.Create(
            CultureInfo.InvariantCulture, $"{milliseconds / 1_000:0.00} s");

        private static string Root(GossipNode node) => Status(node).Root[..8];

        private static string Context(GossipNode node) => Status(node).ContextHash;

        private static long Bytes(GossipNode node) => Status(node).SizeBytes;

        private static MapStatus Status(GossipNode node) =>
            node.GetMap(MapName).ReadStatusAsync().GetAwaiter().GetResult();

        /// <summary>Also what came by broadcast, and for peer sampling.</summary>
        private static long Received(GossipNode node) =>
            Interlocked.Read(ref node.Datagrams.Counters.BytesReceived)
            + Interlocked.Read(ref node.Streams.Counters.BytesReceived);
    }
}
