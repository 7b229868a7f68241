using System.Text;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Exchange;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.AntiEntropy;

/// <summary>Whole nodes with a map in virtual time.</summary>
internal sealed class MapNet
{
    public const string Map = "config";

    private readonly MapOptions _options;
    private readonly bool _withBroadcast;

    public MapNet(
        int nodes, ulong seed = 1, double loss = 0, MapOptions? options = null, bool withBroadcast = false)
    {
        (_options, _withBroadcast) = (options ?? new MapOptions { SketchCells = 1_024 }, withBroadcast);
        Network = new VirtualNetwork(new VirtualNetworkOptions { Seed = seed, Loss = loss, KeepsNotices = false });
        for (var i = 0; i < nodes; i++)
        {
            Join();
        }

        Run(seconds: 5);
    }

    public VirtualNetwork Network { get; }

    public List<AntiEntropyProtocol> Protocols { get; } = [];

    public List<TestStores> Stores { get; } = [];

    public IEnumerable<int> Up => Enumerable.Range(0, Protocols.Count).Where(i => Network.Nodes[i].IsUp);

    public void Join() => Network.Add(configure: options =>
    {
        Protocols.Add(null!);
        Stores.Add(new TestStores((ulong)Protocols.Count));
        return options with { Protocols = Make(Protocols.Count - 1) };
    });

    /// <summary>A killed node starts again.</summary>
    /// <param name="node">Which one.</param>
    /// <param name="keepsStore">Whether it still has what it had.</param>
    public void Restart(int node, bool keepsStore)
    {
        Stores[node] = keepsStore ? Stores[node] : new TestStores(Stores[node].Next() + 1);
        Network.Restart(Network.Nodes[node], options => options with { Protocols = Make(node) });
    }

    public void Run(double seconds) => Network.Run(TimeSpan.FromSeconds(seconds));

    /// <summary>Goes on until something is so; returns the seconds that took, or fails after a while.</summary>
    public double Until(Func<bool> holds, double most = 60, string what = "", double step = 0.1)
    {
        for (var steps = 0; steps * step < most; steps++)
        {
            if (holds())
            {
                return steps * step;
            }

            Run(step);
        }

        Assert.Fail($"Not within {most} s. {what}");
        return 0;
    }

    public MapReplica Replica(int node, string map = Map) => Protocols[node].Maps[map].Replica;

    public WriteOutcome Write(int node, params MapChange[] changes) => WriteTo(Map, node, changes);

    public WriteOutcome WriteTo(string map, int node, params MapChange[] changes)
    {
        var became = WriteOutcome.Refused;
        var time = (ulong)(Network.Now.Ticks / TimeSpan.TicksPerMillisecond);
        Network.Command(Network.Nodes[node], (core, now) => core.Post(
            now, MapFrame.Protocol, new MapWriteCommand(map, changes, time, (outcome, _) => became = outcome)));
        return became;
    }

    public void Set(int node, string key, string value) => Assert.Equal(
        WriteOutcome.Committed,
        Write(node, MapChange.Set(Path(key), RowKind.Register, Encoding.UTF8.GetBytes(value))));

    public void Remove(int node, string key) => Write(node, MapChange.Remove(Path(key)));

    public static RowPath Path(string key) => RowPath.Of(Encoding.UTF8.GetBytes(key));

    /// <summary>What a node shows at a key: the winner of concurrent values, or null.</summary>
    public string? Get(int node, string key)
    {
        if (!Protocols[node].Maps.TryGetValue(Map, out var map))
        {
            return null;
        }

        RowEntry? best = null;
        foreach (var row in map.Replica.RowsOf(Path(key)))
        {
            best = best is { } other && !row.Wins(other) ? best : row;
        }

        return best is { } found && map.Replica.TryRead(found.Claim, out var read)
            ? Encoding.UTF8.GetString(read.Value.Span) : null;
    }

    public long Counter(int node, string key)
    {
        var sum = 0L;
        foreach (var row in Replica(node).RowsOf(Path(key)).ToArray())
        {
            Assert.True(Replica(node).TryRead(row.Claim, out var read));
            sum += (long)CounterShare.Read(read.Value.Span).Value;
        }

        return sum;
    }

    /// <summary>Whether all nodes that are up have the same map.</summary>
    public bool IsEqual(string map = Map)
    {
        var up = Up.ToArray();
        return up.All(node => Protocols[node].Maps.ContainsKey(map))
            && up.All(node => Replica(node, map).Root == Replica(up[0], map).Root
                && Replica(node, map).Context.Equals(Replica(up[0], map).Context));
    }

    /// <summary>Every index agrees with its store, and every row that is there was seen.</summary>
    public void AssertConsistent()
    {
        foreach (var node in Up)
        {
            foreach (var (name, map) in Protocols[node].Maps)
            {
                var root = (UInt128)0;
                foreach (var (row, digest) in Stores[node].Of(name).Load().Rows)
                {
                    root = unchecked(root + digest);
                    Assert.True(map.Replica.Context.Covers(row.Dot, row.Path));
                }

                Assert.Equal(root, map.Replica.Root);
            }
        }
    }

    public MapCounters Counters(int node) => Protocols[node].Counters;

    public long Sum(Func<MapCounters, long> counter) => Protocols.Sum(one => counter(one.Counters));

    private IReadOnlyList<IProtocol> Make(int node)
    {
        if (!_withBroadcast)
        {
            Protocols[node] = new AntiEntropyProtocol(_options, Stores[node]);
            return [Protocols[node]];
        }

        var neighbours = new NeighboursProtocol();
        var carrier = new Carrier();
        var broadcast = new BroadcastProtocol(new BroadcastOptions(), neighbours, carrier);
        Protocols[node] = new AntiEntropyProtocol(_options, Stores[node], carrier);
        Protocols[node].Follow(neighbours);
        (carrier.Broadcast, carrier.Maps) = (broadcast, Protocols[node]);
        return [neighbours, broadcast, Protocols[node]];
    }

    private sealed class Carrier : IEventCarrier, IBroadcastSink
    {
        public BroadcastProtocol Broadcast { get; set; } = null!;

        public AntiEntropyProtocol Maps { get; set; } = null!;

        public int LongestBytes => 65_536;

        public bool TryCarry(ReadOnlyMemory<byte> payload) =>
            Broadcast.TryPublish("$map"u8, payload.Span, out _, isRepaired: false) == PublishOutcome.Published;

        public void Deliver(in BroadcastMessage message) => Maps.Hear(message.Payload);
    }
}
