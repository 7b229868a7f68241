using System.Buffers.Binary;
using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.PushPull;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Simulation.Broadcast;
using Hearsay.Simulation.Broadcast.Plumtree;

namespace Hearsay.Simulation;

/// <summary>
/// Whole nodes with the shipped <see cref="BroadcastProtocol"/>, or with the baseline that it is compared with, on a
/// fixed random graph in virtual time. The same options give the same result.
/// </summary>
public sealed class BroadcastRun
{
    /// <summary>How many contacts a node joins through, where it has peers to sample.</summary>
    private const int Contacts = 3;

    private readonly BroadcastRunOptions _options;
    private readonly VirtualNetwork _network;
    private readonly BroadcastCounters[] _counters;
    private readonly AggregationProtocol?[] _sizes;
    private readonly int[][] _graph;
    private readonly BroadcastRecord[] _records;
    private readonly int[] _sources;
    private int _newest = -1;

    /// <summary>A network whose nodes have started and know their neighbours.</summary>
    public BroadcastRun(BroadcastRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _network = new VirtualNetwork(new VirtualNetworkOptions { Seed = options.Seed, KeepsNotices = false })
        {
            LatencyOf = options.LatencyOf,
        };
        _graph = RegularGraph.Make(options.Nodes, options.Degree, options.Seed);
        _counters = new BroadcastCounters[options.Nodes];
        _sizes = new AggregationProtocol?[options.Nodes];
        _records = [.. Enumerable.Range(0, options.Messages).Select(_ => new BroadcastRecord(options.Nodes))];
        var random = SeededRandom.For(options.Seed, 0, 0, 0x6C);
        var order = Enumerable.Range(0, options.Nodes).ToArray();
        random.Shuffle<int>(order);
        _sources = order[..options.SourceCount];
        for (var i = 0; i < options.Nodes; i++)
        {
            Add(i);
        }
    }

    /// <summary>
    /// The views over which messages spread in <see cref="BroadcastMode.Fanout"/>, at the time when messages began to
    /// count; null for every other mode.
    /// </summary>
    public OverlayGraph? Views { get; private set; }

    /// <summary>
    /// The sizes of the network that nodes with an estimate assumed when messages began to count; empty if nothing
    /// measures the size.
    /// </summary>
    public IReadOnlyList<double> SizeEstimates { get; private set; } = [];

    /// <summary>The network, for a trace.</summary>
    internal VirtualNetwork Network => _network;

    /// <summary>The neighbours of a node.</summary>
    internal IReadOnlyList<int> LinksOf(int node) => _graph[node];

    /// <summary>Whether a node has the message that was published last; false before one counts.</summary>
    internal bool HasNewest(int node) => _newest >= 0 && _records[_newest].Has(node);

    /// <summary>Whether nodes have peers to sample.</summary>
    private bool Samples => _options.Mode == BroadcastMode.Fanout || _options.MeasuresSize;

    /// <summary>Publishes the warm-up messages and those that count, and returns the results.</summary>
    public BroadcastRunResult Run()
    {
        if (Samples)
        {
            // The sampler needs some cycles to know anybody, and aggregation some more.
            _network.Run(BroadcastRunOptions.FormingTime);
        }

        for (var i = 0; i < _options.Warmup * _sources.Length; i++)
        {
            Publish(_sources[i % _sources.Length], -1);
            _network.Run(_options.Interval);
        }

        _network.Links = _network.Links with { Loss = _options.Loss };
        Views = _options.Mode == BroadcastMode.Fanout ? ReadViews() : null;
        SizeEstimates = [.. _sizes.Select(static one => one?.NetworkSize).OfType<double>()];
        var before = Sum();
        for (var i = 0; i < _options.Messages; i++)
        {
            _records[i].Begin(_network.Now);
            Publish(_sources[i % _sources.Length], i);
            _network.Run(_options.Interval);
        }

        _network.Run(2 * (_options.RepairInterval ?? _options.Interval));
        return BroadcastRunResult.Of(
            _records, Sum() - before, [.. Enumerable.Range(0, _options.Nodes)], _network.EventsHandled);
    }

    private void Add(int index)
    {
        var peers = new Peer[_options.Degree];
        var roundTrips = new TimeSpan[_options.Degree];
        for (var i = 0; i < _options.Degree; i++)
        {
            var other = _graph[index][i];
            peers[i] = new Peer(IdOf(other), new NodeAddresses(VirtualNetwork.AddressOf(other)), 1, 0, null);
            roundTrips[i] = 2 * _options.LatencyOf(index, other);
        }

        var neighbours = new StaticNeighbours(IdOf(index), peers, roundTrips);
        var protocol = Protocol(index, neighbours);
        _sizes[index] = _options.MakeAggregation();
        var sampling = Samples ? PeerSamplingOptions.Recommended
            : PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromHours(1) };
        NodeAddress[] seeds = Samples ? ContactsOf(index) : [];
        _network.Add(sampling, seeds, node => node with
        {
            Self = new SelfDescription(IdOf(index), 1, node.Self.Addresses, []),
            Protocols = _sizes[index] is { } sizes ? [sizes, protocol] : [protocol],
            VouchedAddresses = [.. _graph[index].Select(VirtualNetwork.AddressOf)],
        });
    }

    private IProtocol Protocol(int index, StaticNeighbours neighbours)
    {
        var sink = new Sink(this, index);
        if (_options.SharedTree)
        {
            var timer = new PlumtreeOptions();
            var plumtree = new PlumtreeProtocol(
                timer with { GraftTimeout = _options.GraftTimeout ?? timer.GraftTimeout }, neighbours, sink);
            _counters[index] = plumtree.Counters;
            return plumtree;
        }

        var protocol = new BroadcastProtocol(_options.ForProtocol(), neighbours, sink);
        _counters[index] = protocol.Counters;
        return protocol;
    }

    /// <summary>
    /// A few random nodes that are there already. With one each, nodes that all start at once make a tree of contacts,
    /// and a branch that is about to lose its only link becomes an island for a minute or more.
    /// </summary>
    private NodeAddress[] ContactsOf(int index)
    {
        var random = SeededRandom.For(_options.Seed, (ulong)index, 0, 0x70);
        var contacts = new NodeAddress[Math.Min(index, Contacts)];
        foreach (ref var contact in contacts.AsSpan())
        {
            contact = VirtualNetwork.AddressOf(random.Below(index));
        }

        return contacts;
    }

    private OverlayGraph ReadViews()
    {
        var index = _network.Nodes.ToDictionary(static node => node.Core.Self.Id, static node => node.Index);
        return OverlayGraph.FromViews(
            [.. _network.Nodes.Select(node => node.Core.View.Copy().Select(peer => index[peer.Id]).ToArray())],
            [.. Enumerable.Repeat(true, _options.Nodes)]);
    }

    private void Publish(int source, int message)
    {
        _newest = message;
        var payload = new byte[Math.Max(4, _options.PayloadBytes)];
        BinaryPrimitives.WriteInt32BigEndian(payload, message);
        _network.Command(_network.Nodes[source], (core, now) =>
            core.Post(now, BroadcastFrame.Protocol, new PublishCommand(default, payload)));
    }

    private void OnDelivered(int node, in BroadcastMessage message)
    {
        var number = BinaryPrimitives.ReadInt32BigEndian(message.Payload);
        if (number >= 0)
        {
            _records[number].Add(node, message.Hops, _network.Now);
        }
    }

    private BroadcastSums Sum()
    {
        var sums = default(BroadcastSums);
        foreach (var counters in _counters)
        {
            sums += new BroadcastSums(counters);
        }

        return sums;
    }

    private NodeId IdOf(int index) => new(SeededRandom.Mix(_options.Seed) | 1, (ulong)index + 1);

    /// <summary>What one node hears.</summary>
    private sealed class Sink(BroadcastRun run, int node) : IBroadcastSink
    {
        public void Deliver(in BroadcastMessage message) => run.OnDelivered(node, message);
    }
}
