using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>
/// Nodes with broadcasts on a circle with chords (six neighbours each, fewer where the circle is small) in virtual
/// time; counts deliveries and losses that were told.
/// </summary>
internal sealed class BroadcastNet
{
    private static readonly int[] _chords = [1, 7, 31];

    private readonly List<Dictionary<BroadcastId, int>> _delivered = [];

    public BroadcastNet(
        int nodes, Func<BroadcastOptions, BroadcastOptions>? configure = null, VirtualNetworkOptions? network = null)
    {
        Network = new VirtualNetwork(network ?? new VirtualNetworkOptions());
        for (var i = 0; i < nodes; i++)
        {
            var node = i;
            int[] others = [.. _chords.SelectMany(c => new[] { node + c, node + (31 * nodes) - c })
                .Select(other => other % nodes).Where(other => other != node).Distinct()];
            Peer[] peers = [.. others.Select(PeerOf)];
            TimeSpan[] roundTrips = [.. others.Select(_ => TimeSpan.FromMilliseconds(10))];
            var options = new BroadcastOptions { RepairInterval = TimeSpan.FromSeconds(1) };
            _delivered.Add([]);
            Lost.Add(0);
            Neighbours.Add(new StaticNeighbours(Lone.Id(node), peers, roundTrips));
            Protocols.Add(new BroadcastProtocol(
                configure?.Invoke(options) ?? options, Neighbours[i], new Counter(this, node)));
            Network.Add(
                PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromHours(1) }, [],
                o => o with
                {
                    Self = new SelfDescription(Lone.Id(node), 1, o.Self.Addresses, []), Protocols = [Protocols[node]],
                    VouchedAddresses = [.. others.Select(VirtualNetwork.AddressOf)],
                });
        }
    }

    public VirtualNetwork Network { get; }

    public List<BroadcastProtocol> Protocols { get; } = [];

    public List<StaticNeighbours> Neighbours { get; } = [];

    public static Peer PeerOf(int node) =>
        new(Lone.Id(node), new NodeAddresses(VirtualNetwork.AddressOf(node)), 1, 0, null);

    /// <summary>How many messages each node was told are lost.</summary>
    public List<long> Lost { get; } = [];

    /// <summary>Publishes a message that need not wait.</summary>
    public BroadcastId Publish(int node, byte[] payload, bool isTracked = false)
    {
        var names = new List<BroadcastId>();
        PublishInTurn(node, payload, names, isTracked);
        return Assert.Single(names);
    }

    /// <summary>Publishes a message that may have to wait for the links.</summary>
    /// <param name="node">Which node.</param>
    /// <param name="payload">What.</param>
    /// <param name="names">Gets its name once it is published; nothing if too many wait.</param>
    /// <param name="isTracked">Whether it is acknowledged.</param>
    public void PublishInTurn(int node, byte[] payload, List<BroadcastId> names, bool isTracked = false) =>
        Network.Command(Network.Nodes[node], (core, now) => core.Post(now, BroadcastFrame.Protocol, new PublishCommand(
            "t"u8.ToArray(), payload, (outcome, id) =>
            {
                Assert.True(outcome is PublishOutcome.Published or PublishOutcome.Congested);
                if (outcome == PublishOutcome.Published)
                {
                    names.Add(id);
                }
            },
            isTracked)));

    /// <summary>How often each node was handed a message.</summary>
    public IEnumerable<int> Deliveries(BroadcastId id) => _delivered.Select(one => one.GetValueOrDefault(id));

    public long Sum(Func<BroadcastCounters, long> counter) => Protocols.Sum(protocol => counter(protocol.Counters));

    private sealed class Counter(BroadcastNet net, int node) : IBroadcastSink
    {
        public void Deliver(in BroadcastMessage message)
        {
            var delivered = net._delivered[node];
            delivered[message.Id] = delivered.GetValueOrDefault(message.Id) + 1;
            Assert.Equal("t", message.TopicText);
        }

        public void Lost(in BroadcastLoss loss) => net.Lost[node] += loss.Messages;
    }
}
