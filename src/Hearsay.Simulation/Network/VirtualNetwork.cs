using Hearsay.Protocols;
using Hearsay.Protocols.Node.Contracts;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation;

/// <summary>
/// Runs unmodified <see cref="NodeCore"/>s in virtual time: one queue of events ordered by moment and then by number,
/// so the same seed gives the same run, packet for packet.
/// </summary>
/// <remarks>
/// Single threaded. The verbs are one file each: Carry (what happens to packets), Events (the loop) and Faults.
/// </remarks>
public sealed partial class VirtualNetwork
{
    private readonly VirtualNetworkOptions _options;
    private readonly List<VirtualNode> _nodes = [];
    private readonly Dictionary<NodeAddress, VirtualNode> _byAddress = [];
    private readonly NodeWorkspace _work = new();
    private SeededRandom _random;

    /// <summary>An empty network.</summary>
    public VirtualNetwork(VirtualNetworkOptions? options = null)
    {
        _options = options ?? new VirtualNetworkOptions();
        _random = SeededRandom.For(_options.Seed, 0, 0, 0xE7);
        _links = _options.ToModel();
    }

    /// <summary>The virtual time.</summary>
    public Instant Now { get; private set; }

    /// <summary>All nodes, dead ones included, by index.</summary>
    public IReadOnlyList<VirtualNode> Nodes => _nodes;

    /// <summary>Events handled so far.</summary>
    public long EventsHandled { get; private set; }

    /// <summary>
    /// A number that stands for every event so far, with its moment and its packet: the same in another process.
    /// </summary>
    public ulong TraceHash { get; private set; } = 0xCBF2_9CE4_8422_2325;

    /// <summary>Decides whether a packet passes between two nodes; null lets all pass. For partitions.</summary>
    public Func<VirtualNode, VirtualNode, bool>? Passes { get; set; }

    /// <summary>
    /// Decides whether a packet of a node passes to an address; null lets all pass. For a host that speaks a family and
    /// reaches nobody over it.
    /// </summary>
    public Func<VirtualNode, NodeAddress, bool>? Reaches { get; set; }

    /// <summary>
    /// Decides whether streams from one node to another are blocked, and nothing but datagrams passes; null blocks
    /// none.
    /// </summary>
    public Func<VirtualNode, VirtualNode, bool>? BlocksStreams { get; set; }

    /// <summary>Whether nodes know at once to whom streams are blocked; true by default.</summary>
    public bool TellsBlockedStreams { get; set; } = true;

    /// <summary>Called after every event, with the node it happened to: for invariants.</summary>
    public Action<VirtualNode>? AfterEvent { get; set; }

    /// <summary>Sees every event before and after, and what is sent in between; null for nobody.</summary>
    internal INetworkWitness? Witness { get; set; }

    /// <summary>
    /// Gives a node that starts again what it cannot take over from its former life, its protocols for instance; null
    /// if there is nothing.
    /// </summary>
    internal Func<VirtualNode, NodeCoreOptions, NodeCoreOptions>? Renewing { get; set; }

    /// <summary>The address that node number <paramref name="index"/> gets: 10.x.y.z:7000.</summary>
    public static NodeAddress AddressOf(int index) => NodeAddress.FromIPv4(0x0A00_0001u + (uint)index, 7000);

    /// <summary>Adds and starts a node.</summary>
    /// <param name="sampling">Its knobs; recommended ones if null.</param>
    /// <param name="seeds">Contacts; if null, the first node of the network.</param>
    /// <param name="configure">Changes the node's options before it is made.</param>
    public VirtualNode Add(
        PeerSamplingOptions? sampling = null,
        IEnumerable<NodeAddress>? seeds = null,
        Func<NodeCoreOptions, NodeCoreOptions>? configure = null)
    {
        var index = _nodes.Count;
        var options = MakeOptions(index, incarnation: 1, sampling ?? PeerSamplingOptions.Recommended);
        options = configure?.Invoke(options) ?? options;
        var contacts = seeds?.ToArray() ?? (index == 0 ? [] : [_nodes[0].Address]);
        var node = new VirtualNode(this, index, options, contacts) { KeepsNotices = _options.KeepsNotices };
        _nodes.Add(node);
        StartNode(node);
        return node;
    }

    /// <summary>The node stops at once, without a word.</summary>
    public void Kill(VirtualNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfNotEqual(_nodes[node.Index], node, nameof(node));
        node.IsUp = false;
        node.Life++;
    }

    /// <summary>A node that was killed starts again with an empty view and a higher incarnation.</summary>
    /// <param name="node">The node.</param>
    /// <param name="configure">Changes its options, for instance its id (a restart without state) or address.</param>
    public void Restart(VirtualNode node, Func<NodeCoreOptions, NodeCoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        var before = node.Core;
        var options = node.Options with
        {
            Self = new SelfDescription(
                before.Self.Id, before.Self.Incarnation + 1, before.Self.Addresses, before.Self.Metadata),
            Seed = SeededRandom.Mix(_options.Seed ^ ((ulong)node.Index << 20) ^ (ulong)++node.Life),
        };
        options = configure?.Invoke(options) ?? options;
        options = Renewing?.Invoke(node, options) ?? options;
        Unlist(node);
        (node.Options, node.Core) = (options, new NodeCore(options, node));
        StartNode(node);
    }

    /// <summary>The node leaves gracefully and stops.</summary>
    public void Leave(VirtualNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.Core.Leave(node.LocalNow);
        Kill(node);
    }

    /// <summary>
    /// Calls into a node's core at the present moment and arms it again: for commands of the application.
    /// </summary>
    public void Command(VirtualNode node, Action<NodeCore, Instant> command)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(command);
        command(node.Core, node.LocalNow);
        Arm(node);
    }

    /// <summary>Hands a packet to a node as if it came from somewhere: for hostile input.</summary>
    public void Inject(VirtualNode node, in Link from, ReadOnlySpan<byte> packet)
    {
        ArgumentNullException.ThrowIfNull(node);
        Deliver(node, from, packet);
        Arm(node);
        AfterEvent?.Invoke(node);
    }

    private NodeCoreOptions MakeOptions(int index, ulong incarnation, PeerSamplingOptions sampling)
    {
        var random = SeededRandom.For(_options.Seed, (ulong)index, 0, 0x1D);
        var id = new NodeId(random.NextUInt64(), random.NextUInt64());
        return new NodeCoreOptions
        {
            Self = new SelfDescription(id, incarnation, new NodeAddresses(AddressOf(index)), []),
            Seed = random.NextUInt64(),
            Sampling = sampling,
            Workspace = _work,
            PublishesOnDemand = true,
        };
    }

    private void StartNode(VirtualNode node)
    {
        List(node, node.Options.Self.Addresses);
        node.IsUp = true;
        node.Armed = Instant.Never;
        node.Core.Start(node.LocalNow);
        Witness?.Started(node);
        Arm(node);
    }

    /// <summary>From now on the node is reached under these addresses.</summary>
    private void List(VirtualNode node, in NodeAddresses addresses)
    {
        node.Addresses = addresses;
        if (addresses.HasIPv4)
        {
            _byAddress[addresses.IPv4] = node;
        }

        if (addresses.HasIPv6)
        {
            _byAddress[addresses.IPv6] = node;
        }
    }

    private void Unlist(VirtualNode node)
    {
        _byAddress.Remove(node.Addresses.IPv4);
        _byAddress.Remove(node.Addresses.IPv6);
    }
}
