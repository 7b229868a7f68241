using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Dissemination.Broadcast;

/// <summary>
/// Nodes with broadcasts on a circle with chords (six neighbours each) in virtual time; counts deliveries.
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
            int[] others = [.. _chords.SelectMany(c => new[] { (node + c) % nodes, (node + nodes - c) % nodes })];
            Peer[] peers = [.. others.Select(PeerOf)];
            TimeSpan[] roundTrips = [.. others.Select(_ => TimeSpan.FromMilliseconds(10))];
            var options = new BroadcastOptions { NetworkSize = nodes, RepairInterval = TimeSpan.FromSeconds(1) };
            _delivered.Add([]);
            Neighbours.Add(new StaticNeighbours(Lone.Id(node), peers, roundTrips));
            Protocols.Add(new BroadcastProtocol(
                configure?.Invoke(options) ?? options, Neighbours[i], new Counter(_delivered[i])));
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

    public BroadcastId Publish(int node, byte[] payload, bool isTracked = false)
    {
        var name = default(BroadcastId);
        Network.Command(Network.Nodes[node], (core, now) => core.Post(now, BroadcastFrame.Protocol, new PublishCommand(
            "t"u8.ToArray(), payload, (outcome, id) =>
            {
                Assert.Equal(PublishOutcome.Published, outcome);
                name = id;
            },
            isTracked)));
        return name;
    }

    /// <summary>How often each node was handed a message.</summary>
    public IEnumerable<int> Deliveries(BroadcastId id) => _delivered.Select(one => one.GetValueOrDefault(id));

    public long Sum(Func<BroadcastCounters, long> counter) => Protocols.Sum(protocol => counter(protocol.Counters));

    private sealed class Counter(Dictionary<BroadcastId, int> delivered) : IBroadcastSink
    {
        public void Deliver(in BroadcastMessage message)
        {
            delivered[message.Id] = delivered.GetValueOrDefault(message.Id) + 1;
            Assert.Equal("t", message.TopicText);
        }
    }
}
