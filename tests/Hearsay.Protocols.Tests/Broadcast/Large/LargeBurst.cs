using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Broadcast.Large;

/// <summary>
/// Whole nodes in virtual time, with neighbours that they look after themselves and a narrow link each, of which some
/// publish several large messages at the same moment: more than the queues of their links take.
/// </summary>
internal sealed class LargeBurst
{
    /// <summary>A message has 31 chunks of 8 KiB, as one of a megabyte has of the usual size.</summary>
    private const int Bytes = 250_000;

    private const double BytesPerSecond = 2_500_000;

    private static readonly TimeSpan _forming = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(500);

    private readonly VirtualNetwork _network;
    private readonly List<Sink> _sinks = [];
    private readonly List<BroadcastProtocol> _protocols = [];
    private readonly HashSet<BroadcastId> _published = [];
    private readonly double _loss;
    private SeededRandom _random;

    public LargeBurst(int nodes, ulong seed, double loss = 0)
    {
        _random = SeededRandom.For(seed, 0, 0, 0x51);
        _loss = loss;
        _network = new VirtualNetwork(new VirtualNetworkOptions { Seed = seed, KeepsNotices = false });
        for (var i = 0; i < nodes; i++)
        {
            Join();
        }

        _network.Run(_forming);
        _network.Links = _network.Links with { BytesPerSecond = BytesPerSecond, Loss = loss };
    }

    /// <summary>How long after the burst the last of them was delivered.</summary>
    public TimeSpan Took { get; private set; }

    public long Sum(Func<BroadcastCounters, long> counter) => _protocols.Sum(protocol => counter(protocol.Counters));

    /// <summary>
    /// The first so many nodes publish; then, if there is churn, one of the others is killed and another joins every
    /// half second.
    /// </summary>
    /// <returns>How many deliveries are missing at the nodes that were there all the time.</returns>
    public int Run(int publishers, int messages, TimeSpan wait, bool churns = false)
    {
        var stable = _network.Nodes.Count;
        var began = _network.Now;
        for (var i = 0; i < publishers * messages; i++)
        {
            Publish(i % publishers, i);
        }

        for (var time = TimeSpan.Zero; time < wait && Missing(stable) > 0; time += _step)
        {
            if (churns && time < wait / 4)
            {
                ReplaceOne(publishers, stable);
            }

            _network.Run(_step);
        }

        Took = _sinks.Take(stable).Where((_, node) => _network.Nodes[node].IsUp)
            .Max(sink => sink.Last) - began;
        return Missing(stable);
    }

    private int Missing(int stable) => _sinks.Take(stable).Where((_, node) => _network.Nodes[node].IsUp)
        .Sum(sink => _published.Count(id => !sink.Delivered.Contains(id)));

    private void ReplaceOne(int publishers, int stable)
    {
        var others = _network.Nodes.Skip(publishers).Where(node => node.IsUp).ToArray();
        _network.Kill(others[_random.Below(others.Length)]);
        Join();
    }

    private void Join()
    {
        var sink = new Sink(_network);
        var neighbours = new NeighboursProtocol(new NeighbourOptions());
        var broadcast = new BroadcastProtocol(new BroadcastOptions { ChunkBytes = 8192 }, neighbours, sink);
        var sampling = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromMilliseconds(200) };
        _network.Add(sampling, configure: node => node with { Protocols = [neighbours, broadcast] });
        _sinks.Add(sink);
        _protocols.Add(broadcast);
    }

    private void Publish(int node, int number)
    {
        var payload = new byte[Bytes];
        payload.AsSpan().Fill((byte)(number + 1));
        _network.Command(_network.Nodes[node], (core, now) => core.Post(
            now, BroadcastFrame.Protocol, new PublishCommand("large"u8.ToArray(), payload, (outcome, id) =>
            {
                Assert.Equal(PublishOutcome.Published, outcome);
                _published.Add(id);
            })));
    }

    /// <summary>What one node hears.</summary>
    private sealed class Sink(VirtualNetwork network) : IBroadcastSink
    {
        public HashSet<BroadcastId> Delivered { get; } = [];

        public Instant Last { get; private set; }

        public void Deliver(in BroadcastMessage message)
        {
            Assert.True(Delivered.Add(message.Id));
            Assert.Equal(Bytes, message.Payload.Length);
            Last = network.Now;
        }
    }
}
