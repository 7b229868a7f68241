using System.Buffers.Binary;
using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Simulation.Broadcast;

namespace Hearsay.Simulation;

/// <summary>
/// A run of whole nodes as they ship, with peer sampling, stable neighbours and broadcast, in virtual time. It measures
/// broadcasts while nodes crash, join and leave. The same options give the same result.
/// </summary>
public sealed class OverlayBroadcastRun
{
    private static readonly TimeSpan JoinsApart = TimeSpan.FromMilliseconds(2);

    private readonly BroadcastRunOptions _options;
    private readonly VirtualNetwork _network;
    private readonly List<BroadcastProtocol> _protocols = [];
    private readonly List<NeighboursProtocol> _neighbours = [];
    private readonly List<AggregationProtocol?> _sizes = [];
    private readonly Dictionary<NodeId, int> _index = [];
    private BroadcastRecord[] _records = [];
    private SeededRandom _random;

    /// <summary>How often messages were counted.</summary>
    private int _series;

    private int _newest = -1;

    /// <summary>A network that has formed.</summary>
    public OverlayBroadcastRun(BroadcastRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _network = new VirtualNetwork(new VirtualNetworkOptions
        {
            Seed = options.Seed, KeepsNotices = false,
            MinimumLatency = options.MinimumLatency, MaximumLatency = options.MaximumLatency,
        })
        {
            LatencyOf = options.DrawsEveryDelay ? null : options.LatencyOf,
        };
        _random = SeededRandom.For(options.Seed, 0, 0, 0x6F);
        for (var i = 0; i < options.Nodes; i++)
        {
            Join();
            _network.Run(JoinsApart);
        }

        _network.Run(BroadcastRunOptions.FormingTime);
    }

    /// <summary>The links between the nodes that run.</summary>
    public OverlayGraph Overlay()
    {
        var alive = _network.Nodes.Select(static node => node.IsUp).ToArray();
        return OverlayGraph.FromViews([.. _network.Nodes.Select(node => node.IsUp ? LinksOf(node.Index) : [])], alive);
    }

    /// <summary>
    /// Warms up, crashes the chosen share of nodes, publishes (under churn, if there is any), and returns the results
    /// for the nodes that were there all the time.
    /// </summary>
    public BroadcastRunResult Run()
    {
        var sources = Enumerable.Range(0, _options.SourceCount).ToArray();
        for (var i = 0; i < _options.Warmup * sources.Length; i++)
        {
            Publish(sources[i % sources.Length], -1);
            _network.Run(_options.Interval);
        }

        Crash((int)(_options.Kill * _options.Nodes), sources.Length);
        return Measure(_options.WaitAfterKill);
    }

    /// <summary>
    /// Publishes the messages that count and returns the results. It may be called again.
    /// </summary>
    /// <param name="wait">The time to wait before publishing.</param>
    public BroadcastRunResult Measure(TimeSpan wait)
    {
        _network.Run(wait);
        _series++;
        _records = [.. Enumerable.Range(0, _options.Messages).Select(_ => new BroadcastRecord(Most(_options)))];
        LargestComponent = (double)ComponentMetric.Of(Overlay()).Largest / _network.Nodes.Count(static n => n.IsUp);
        SizeEstimates = [.. _network.Nodes.Where(static node => node.IsUp)
            .Select(node => _sizes[node.Index]?.NetworkSize).OfType<double>()];
        _network.Links = _network.Links with { Loss = _options.Loss };
        var before = Sum();
        for (var i = 0; i < _options.Messages; i++)
        {
            _records[i].Begin(_network.Now);
            _newest = i;
            Publish(i % _options.SourceCount, (_series * _options.Messages) + i);
            Churn(_options.SourceCount);
        }

        _network.Run(2 * (_options.RepairInterval ?? TimeSpan.FromSeconds(2)) + TimeSpan.FromSeconds(6));
        var stable = Enumerable.Range(0, _options.Nodes).Where(node => _network.Nodes[node].IsUp).ToArray();
        return BroadcastRunResult.Of(_records, Sum() - before, stable, _network.EventsHandled);
    }

    /// <summary>The share of the running nodes in the largest connected part when messages began to count.</summary>
    public double LargestComponent { get; private set; }

    /// <summary>
    /// The sizes of the network that running nodes with an estimate assumed when messages began to count; empty if
    /// nothing measures the size.
    /// </summary>
    public IReadOnlyList<double> SizeEstimates { get; private set; } = [];

    /// <summary>Hears of every node that crashes.</summary>
    internal Action<VirtualNode>? Crashed { get; set; }

    /// <summary>The network, for a trace.</summary>
    internal VirtualNetwork Network => _network;

    /// <summary>Whether a node has the message that was published last; false before one counts.</summary>
    internal bool HasNewest(int node) => _newest >= 0 && _newest < _records.Length && _records[_newest].Has(node);

    private static int Most(BroadcastRunOptions options) => options.Nodes + (int)Math.Ceiling(
        options.Churn * options.Nodes * options.Messages * options.Interval.TotalSeconds) + options.Messages + 1;

    /// <summary>In the time until the next message nodes leave without a word and as many new ones come.</summary>
    private void Churn(int sources)
    {
        var changes = (int)Math.Round(_options.Churn * _options.Nodes * _options.Interval.TotalSeconds);
        if (changes == 0)
        {
            _network.Run(_options.Interval);
            return;
        }

        var pause = _options.Interval / changes;
        for (var i = 0; i < changes; i++)
        {
            Crash(1, sources);
            Join();
            _network.Run(pause);
        }
    }

    private void Crash(int count, int sources)
    {
        var up = _network.Nodes.Skip(sources).Where(static node => node.IsUp).ToArray();
        _random.Shuffle<VirtualNode>(up);
        foreach (var node in up.Take(count))
        {
            _network.Kill(node);
            Crashed?.Invoke(node);
        }
    }

    private void Join()
    {
        var index = _network.Nodes.Count;
        var neighbours = new NeighboursProtocol(new NeighbourOptions { ActiveSize = _options.Degree });
        var broadcast = new BroadcastProtocol(_options.ForProtocol(), neighbours, new Sink(this, index));
        var aggregation = _options.MakeAggregation();
        _neighbours.Add(neighbours);
        _protocols.Add(broadcast);
        _sizes.Add(aggregation);
        _network.Add(PeerSamplingOptions.Recommended, Contact(), node =>
        {
            _index[node.Self.Id] = index;
            return node with
            {
                Protocols = aggregation is null ? [neighbours, broadcast] : [aggregation, neighbours, broadcast],
            };
        });
    }

    private NodeAddress[] Contact()
    {
        while (_network.Nodes.Count > 0)
        {
            var node = _network.Nodes[_random.Below(_network.Nodes.Count)];
            if (node.IsUp)
            {
                return [node.Address];
            }
        }

        return [];
    }

    private void Publish(int source, int message)
    {
        var payload = new byte[Math.Max(4, _options.PayloadBytes)];
        BinaryPrimitives.WriteInt32BigEndian(payload, message);
        _network.Command(_network.Nodes[source], (core, now) =>
            core.Post(now, _protocols[source].Id, new PublishCommand(default, payload)));
    }

    /// <summary>The running neighbours of a running node.</summary>
    internal int[] LinksOf(int node)
    {
        var links = new List<int>();
        for (var slot = 0; slot < _neighbours[node].Capacity; slot++)
        {
            if ((_neighbours[node].Up & (1u << slot)) != 0
                && _index.TryGetValue(_neighbours[node][slot].Id, out var other) && _network.Nodes[other].IsUp)
            {
                links.Add(other);
            }
        }

        return [.. links];
    }

    private BroadcastSums Sum() => _protocols.Aggregate(
        default(BroadcastSums), static (sum, protocol) => sum + new BroadcastSums(protocol.Counters));

    private void OnDelivered(int node, in BroadcastMessage message)
    {
        // A message of an earlier series may still come.
        var number = BinaryPrimitives.ReadInt32BigEndian(message.Payload) - (_series * _options.Messages);
        if (number >= 0 && number < _records.Length)
        {
            // Who joined later is brought it by the repair: that is traffic, and no latency.
            _records[number].Add(node, message.Hops, _network.Now, isTimed: node < _options.Nodes);
        }
    }

    /// <summary>What one node hears.</summary>
    private sealed class Sink(OverlayBroadcastRun run, int node) : IBroadcastSink
    {
        public void Deliver(in BroadcastMessage message) => run.OnDelivered(node, message);
    }
}
