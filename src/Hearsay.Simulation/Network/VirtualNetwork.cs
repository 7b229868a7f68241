using Hearsay.Protocols;

namespace Hearsay.Simulation;

/// <summary>
/// Runs unmodified <see cref="NodeCore"/>s in virtual time: one queue of events ordered by moment and then by number,
/// so the same seed gives the same run, packet for packet.
/// </summary>
/// <remarks>Single threaded. What the lab needs beyond this (fault plans, traces, bandwidth) builds on it.</remarks>
public sealed class VirtualNetwork
{
    private readonly VirtualNetworkOptions _options;
    private readonly PriorityQueue<VirtualEvent, (Instant At, long Number)> _events = new();
    private readonly List<VirtualNode> _nodes = [];
    private readonly Dictionary<NodeAddress, VirtualNode> _byAddress = [];
    private SeededRandom _random;
    private long _number;

    /// <summary>An empty network.</summary>
    public VirtualNetwork(VirtualNetworkOptions? options = null)
    {
        _options = options ?? new VirtualNetworkOptions();
        _random = SeededRandom.For(_options.Seed, 0, 0, 0xE7);
    }

    /// <summary>The virtual time.</summary>
    public Instant Now { get; private set; }

    /// <summary>All nodes, dead ones included, by index.</summary>
    public IReadOnlyList<VirtualNode> Nodes => _nodes;

    /// <summary>Events handled so far.</summary>
    public long EventsHandled { get; private set; }

    /// <summary>Decides whether a packet passes between two nodes; null lets all pass. For partitions.</summary>
    public Func<VirtualNode, VirtualNode, bool>? Passes { get; set; }

    /// <summary>Called after every event, with the node it happened to: for invariants.</summary>
    public Action<VirtualNode>? AfterEvent { get; set; }

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
        var node = new VirtualNode(this, index, options, contacts);
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
        _byAddress.Remove(node.Address);
        node.Address = options.Self.Addresses.Primary;
        (node.Options, node.Core) = (options, new NodeCore(options, node));
        StartNode(node);
    }

    /// <summary>The node leaves gracefully and stops.</summary>
    public void Leave(VirtualNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.Core.Leave(Now);
        Kill(node);
    }

    /// <summary>Lets virtual time pass.</summary>
    public void Run(TimeSpan span) => RunUntil(Now + span);

    /// <summary>Handles every event up to a moment.</summary>
    public void RunUntil(Instant end)
    {
        while (_events.TryPeek(out _, out var when) && when.At <= end)
        {
            var happening = _events.Dequeue();
            Now = when.At;
            Handle(happening);
        }

        Now = end;
    }

    /// <summary>
    /// Calls into a node's core at the present moment and arms it again: for commands of the application.
    /// </summary>
    public void Command(VirtualNode node, Action<NodeCore, Instant> command)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(command);
        command(node.Core, Now);
        Arm(node);
    }

    /// <summary>Hands a packet to a node as if it came from somewhere: for hostile input.</summary>
    public void Inject(VirtualNode node, in Link from, ReadOnlySpan<byte> packet)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.Core.Receive(Now, from, packet);
        Arm(node);
        AfterEvent?.Invoke(node);
    }

    internal void Resolve(VirtualNode node) =>
        Enqueue(Now, new VirtualEvent(node, null, default, node.Seeds, node.Life));

    internal void Carry(VirtualNode from, in Link destination, ReadOnlySpan<byte> packet)
    {
        var copy = packet.ToArray();
        from.OnSend?.Invoke(destination, copy);
        if (!_byAddress.TryGetValue(destination.Address, out var target) || !(Passes?.Invoke(from, target) ?? true))
        {
            return;
        }

        var datagram = destination.Kind == LinkKind.Datagram;
        if (datagram && _options.Loss > 0 && _random.NextDouble() < _options.Loss)
        {
            return;
        }

        var link = new Link(from.Address, destination.Kind, datagram ? 0 : 1);
        var copies = datagram && _options.Duplication > 0 && _random.NextDouble() < _options.Duplication ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var delay = _random.Between(_options.MinimumLatency, _options.MaximumLatency);
            Enqueue(Now + delay, new VirtualEvent(target, copy, link, null, target.Life));
        }
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
        };
    }

    private void StartNode(VirtualNode node)
    {
        _byAddress[node.Address] = node;
        node.IsUp = true;
        node.Armed = Instant.Never;
        node.Core.Start(Now);
        Arm(node);
    }

    private void Handle(in VirtualEvent happening)
    {
        var node = happening.Node;
        if (!node.IsUp || happening.Life != node.Life)
        {
            return;
        }

        if (happening is { Packet: null, Contacts: null } && node.Armed > Now)
        {
            // It was armed for an earlier moment since, and again after that: to handle both would arm it twice for
            // ever.
            return;
        }

        EventsHandled++;
        if (happening.Packet is not null)
        {
            node.Core.Receive(Now, happening.Link, happening.Packet);
        }
        else if (happening.Contacts is not null)
        {
            node.Core.Contact(Now, happening.Contacts);
        }
        else
        {
            node.Armed = Instant.Never;
            node.Core.OnDue(Now);
        }

        Arm(node);
        AfterEvent?.Invoke(node);
    }

    /// <summary>A due event that comes too early finds nothing due and arms again.</summary>
    private void Arm(VirtualNode node)
    {
        var due = node.Core.NextDue;
        if (due < node.Armed)
        {
            node.Armed = due;
            Enqueue(Instant.Max(due, Now), new VirtualEvent(node, null, default, null, node.Life));
        }
    }

    private void Enqueue(Instant at, in VirtualEvent happening) => _events.Enqueue(happening, (at, _number++));
}
