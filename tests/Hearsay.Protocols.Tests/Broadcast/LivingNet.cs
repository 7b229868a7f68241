using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Security;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Broadcast;

/// <summary>Nodes as they ship, with sampling, neighbours and broadcast, in virtual time.</summary>
internal sealed class LivingNet
{
    private readonly List<Counter> _counters = [];

    private readonly NodeSecurity? _security;

    public LivingNet(int nodes, ulong seed, double loss, NodeSecurity? security = null)
    {
        _security = security;
        Network = new VirtualNetwork(new VirtualNetworkOptions { Seed = seed, Loss = loss });
        for (var i = 0; i < nodes; i++)
        {
            Join();
            Run(milliseconds: 50);
        }

        Run(milliseconds: 20_000);
    }

    public VirtualNetwork Network { get; }

    public List<NeighboursProtocol> Neighbours { get; } = [];

    public List<BroadcastProtocol> Broadcasts { get; } = [];

    public VirtualNode Join()
    {
        var neighbours = new NeighboursProtocol();
        var counter = new Counter();
        var broadcast = new BroadcastProtocol(new BroadcastOptions(), neighbours, counter);
        Neighbours.Add(neighbours);
        Broadcasts.Add(broadcast);
        _counters.Add(counter);
        return Network.Add(
            PeerSamplingOptions.Recommended,
            configure: o => o with { Protocols = [neighbours, broadcast], Security = _security });
    }

    public void Run(double milliseconds) => Network.Run(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Goes on until something is so, or not at all within a minute.</summary>
    public bool RunUntil(Func<bool> holds)
    {
        for (var i = 0; i < 60_000 && !holds(); i++)
        {
            Run(milliseconds: 1);
        }

        return holds();
    }

    public BroadcastId Publish(VirtualNode node, byte[] payload)
    {
        var name = default(BroadcastId);
        Network.Command(node, (core, now) => core.Post(
            now, BroadcastFrame.Protocol, new PublishCommand(default, payload, (_, id) => name = id)));
        return name;
    }

    /// <summary>The node leaves as a live one does: it hands over, and says good-bye.</summary>
    /// <returns>What nobody is known to have.</returns>
    public IReadOnlyList<BroadcastId> Leave(VirtualNode node)
    {
        IReadOnlyList<BroadcastId>? left = null;
        Network.Command(node, (core, now) => core.Post(
            now, BroadcastFrame.Protocol, new HandOverCommand(TimeSpan.FromSeconds(20), names => left = names)));
        Assert.True(RunUntil(() => left is not null));
        Network.Leave(node);
        return left!;
    }

    /// <summary>How many of the first nodes were handed a message, each once.</summary>
    public int Deliveries(BroadcastId id, int nodes) =>
        _counters.Take(nodes).Count(one => one.Delivered.GetValueOrDefault(id) == 1);

    /// <summary>How many messages a node was told are lost.</summary>
    public long Lost(int node) => _counters[node].Lost;

    private sealed class Counter : IBroadcastSink
    {
        public Dictionary<BroadcastId, int> Delivered { get; } = [];

        public long Lost { get; private set; }

        public void Deliver(in BroadcastMessage message) =>
            Delivered[message.Id] = Delivered.GetValueOrDefault(message.Id) + 1;

        void IBroadcastSink.Lost(in BroadcastLoss loss) => Lost += loss.Messages;
    }
}
