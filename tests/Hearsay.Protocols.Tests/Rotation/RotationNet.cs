using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Neighbours;
using Hearsay.Protocols.Rotation;
using Hearsay.Protocols.Security;
using Hearsay.Security;
using Hearsay.Simulation;
using Hearsay.Simulation.Network;
using Hearsay.Tests;

namespace Hearsay.Protocols.Tests.Rotation;

/// <summary>Nodes with signed keyrings, neighbours and broadcast in virtual time, and their operator.</summary>
internal sealed class RotationNet
{
    private const ulong Epoch = 1_800_000_000;

    private readonly GlassCipher _cipher;
    private readonly List<Dictionary<BroadcastId, int>> _delivered = [];

    public RotationNet(int nodes, ulong seed = 1, double loss = 0, Func<int, TimeSpan>? clockOffset = null)
    {
        (_cipher, ClockOffset) = (SeededCipher.Create(seed), clockOffset ?? (_ => TimeSpan.Zero));
        First = Keyring.Make(Operator, Epoch);
        Network = new VirtualNetwork(new VirtualNetworkOptions { Seed = seed, Loss = loss, KeepsNotices = false });
        for (var i = 0; i < nodes; i++)
        {
            Join(First);
            Run(TimeSpan.FromMilliseconds(50));
        }

        Run(TimeSpan.FromSeconds(20));
    }

    public OperatorKey Operator { get; } = OperatorKey.Make();

    public Keyring First { get; }

    public VirtualNetwork Network { get; }

    /// <summary>What each node's wall clock is ahead.</summary>
    public Func<int, TimeSpan> ClockOffset { get; }

    /// <summary>The ring of each node, as its disk has it.</summary>
    public List<NodeKeyring> Rings { get; } = [];

    /// <summary>The protocols of all lives of all nodes.</summary>
    public List<KeyringProtocol> Protocols { get; } = [];

    public ulong Now => Epoch + (ulong)(Network.Now - Instant.Zero).TotalSeconds;

    public VirtualNode Join(Keyring ring)
    {
        var index = Network.Nodes.Count;
        Rings.Add(null!);
        _delivered.Add([]);
        return Network.Add(PeerSamplingOptions.Recommended, configure: options => Equip(options, index, ring));
    }

    /// <summary>A node with keys that nobody can change, and protocols of its own.</summary>
    public VirtualNode JoinWith(Keyring ring, params IProtocol[] protocols)
    {
        Rings.Add(new NodeKeyring(ring, "default", _cipher, () => Now));
        _delivered.Add([]);
        var security = new NodeSecurity(_cipher, Rings[^1].Keys);
        return Network.Add(
            PeerSamplingOptions.Recommended,
            configure: options => options with { Security = security, Protocols = protocols });
    }

    /// <summary>A node that is down starts again with a ring that it has on its disk.</summary>
    public void Restart(VirtualNode node, Keyring ring)
    {
        _delivered[node.Index] = [];
        Network.Restart(node, options => Equip(options, node.Index, ring));
    }

    /// <summary>The operator signs a new key, with the ring of a node, and hands it to that node.</summary>
    public Keyring Rotate(VirtualNode node, TimeSpan keep)
    {
        var ring = Rings[node.Index].Current.Rotate(Operator, Now, keep);
        Give(node, ring);
        return ring;
    }

    public void Give(VirtualNode node, Keyring ring)
    {
        var body = new byte[SignedKeyring.MaximumBytes];
        var length = NodeKeyring.Write(ring, body);
        Network.Command(node, (core, now) => core.Post(now, KeyringMessage.Protocol, body[..length]));
    }

    public void Run(TimeSpan time) => Network.Run(time);

    /// <summary>Goes on until something is so, or not at all within a time.</summary>
    public bool RunUntil(Func<bool> holds, TimeSpan within)
    {
        for (var end = Network.Now + within; Network.Now < end && !holds();)
        {
            Run(TimeSpan.FromMilliseconds(500));
        }

        return holds();
    }

    /// <summary>Whether all nodes that are up have a ring with the same keys.</summary>
    public bool Agree(Keyring ring) =>
        Network.Nodes.Where(node => node.IsUp).All(node => Rings[node.Index].Digest == ring.Digest);

    public BroadcastId Publish(VirtualNode node)
    {
        var name = default(BroadcastId);
        Network.Command(node, (core, now) => core.Post(
            now, BroadcastFrame.Protocol, new PublishCommand(default, new byte[100], (_, id) => name = id)));
        return name;
    }

    /// <summary>How many nodes have been handed a message, each once, of those that are up.</summary>
    public int Deliveries(BroadcastId id) => Network.Nodes
        .Count(node => node.IsUp && _delivered[node.Index].GetValueOrDefault(id) == 1);

    public long Dropped(DropReason reason) => Network.Nodes.Sum(node => node.Core.Counters.Dropped(reason));

    private NodeCoreOptions Equip(NodeCoreOptions options, int index, Keyring ring)
    {
        var neighbours = new NeighboursProtocol();
        var broadcast = new BroadcastProtocol(new BroadcastOptions(), neighbours, new Counter(_delivered[index]));
        var offset = (long)ClockOffset(index).TotalSeconds;
        Rings[index] = new NodeKeyring(ring, "default", _cipher, () => Now + (ulong)offset);
        var security = new NodeSecurity(_cipher, Rings[index]);
        Protocols.Add(new KeyringProtocol(security));
        return options with { Security = security, Protocols = [neighbours, broadcast, Protocols[^1]] };
    }

    private sealed class Counter(Dictionary<BroadcastId, int> delivered) : IBroadcastSink
    {
        public void Deliver(in BroadcastMessage message) =>
            delivered[message.Id] = delivered.GetValueOrDefault(message.Id) + 1;
    }
}
