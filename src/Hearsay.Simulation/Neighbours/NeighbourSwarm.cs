using System.Numerics;
using Hearsay.Protocols;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Simulation.Neighbours;

/// <summary>
/// Whole nodes with stable neighbours in virtual time, and what can be said of the overlay they make.
/// </summary>
internal sealed class NeighbourSwarm
{
    private readonly NeighbourOptions _options;
    private readonly PeerSamplingOptions _sampling;
    private readonly List<NeighboursProtocol> _neighbours = [];
    private readonly List<FloodProbe> _probes = [];
    private readonly Dictionary<NodeId, int> _index = [];
    private SeededRandom _random;
    private ulong _messages;

    /// <summary>An empty swarm.</summary>
    public NeighbourSwarm(
        NeighbourOptions? options = null, VirtualNetworkOptions? network = null, PeerSamplingOptions? sampling = null)
    {
        _options = options ?? new NeighbourOptions();
        _sampling = sampling ?? PeerSamplingOptions.Recommended;
        network ??= new VirtualNetworkOptions();
        Network = new VirtualNetwork(network with { KeepsNotices = false });
        _random = SeededRandom.For(network.Seed, 0, 0, 0x4E);
    }

    /// <summary>The network they live on.</summary>
    public VirtualNetwork Network { get; }

    /// <summary>The neighbours of every node, dead ones included, by index.</summary>
    public IReadOnlyList<NeighboursProtocol> Neighbours => _neighbours;

    /// <summary>The flood of every node, by index.</summary>
    public IReadOnlyList<FloodProbe> Probes => _probes;

    /// <summary>The nodes that run.</summary>
    public IEnumerable<int> Up => Network.Nodes.Where(node => node.IsUp).Select(node => node.Index);

    /// <summary>For how long a flood is told to new neighbours.</summary>
    public TimeSpan Keeps { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Nodes join one after the other, each through a random running one.</summary>
    public void Add(int count, TimeSpan apart)
    {
        for (var i = 0; i < count; i++)
        {
            var seeds = Seeds();
            var index = Network.Nodes.Count;
            Network.Add(_sampling, seeds, options => Equip(index, options));
            Network.Run(apart);
        }
    }

    /// <summary>A node that was killed starts again and knows nobody but its seeds.</summary>
    public void Restart(int index)
    {
        Network.Nodes[index].Seeds = Seeds();
        Network.Restart(Network.Nodes[index], options => Equip(index, options));
    }

    /// <summary>Kills random running nodes, all at once.</summary>
    public void Kill(int count)
    {
        var up = Up.ToArray();
        _random.Shuffle<int>(up);
        foreach (var index in up.AsSpan(0, count))
        {
            Network.Kill(Network.Nodes[index]);
        }
    }

    /// <summary>A random running node floods a message.</summary>
    /// <returns>Its number.</returns>
    public ulong Flood()
    {
        var up = Up.ToArray();
        var source = up[_random.Below(up.Length)];
        var message = ++_messages;
        Network.Command(Network.Nodes[source], (core, now) => core.Post(now, 127, message));
        return message;
    }

    /// <summary>The share of running nodes that have a message.</summary>
    public double Reach(ulong message)
    {
        var up = Up.ToArray();
        return up.Count(index => _probes[index].Seen.ContainsKey(message)) / (double)up.Length;
    }

    /// <summary>
    /// Links that only one of two running nodes has, or that have two numbers, now and still two seconds later: a link
    /// that is just coming up or going down is one-sided for as long as a packet takes.
    /// </summary>
    public int OneSided()
    {
        var before = OneSidedNow();
        Network.Run(TimeSpan.FromSeconds(2));
        before.IntersectWith(OneSidedNow());
        return before.Count;
    }

    /// <summary>The links that are one-sided at this moment.</summary>
    public HashSet<(int From, int To, ulong Link)> OneSidedNow()
    {
        var found = new HashSet<(int From, int To, ulong Link)>();
        foreach (var index in Up)
        {
            foreach (var (to, link) in Links(index))
            {
                if (NumberAt(to, index) != link)
                {
                    found.Add((index, to, link));
                }
            }
        }

        return found;
    }

    /// <summary>Links of running nodes to others.</summary>
    public int Dead() => Up.Sum(index => Count(index) - Links(index).Count());

    /// <summary>How many neighbours a node has.</summary>
    public int Count(int index) => _neighbours[index].Count;

    /// <summary>The running neighbours of a running node.</summary>
    public IEnumerable<int> LinksOf(int index) => Links(index).Select(static link => link.Index);

    /// <summary>The overlay among running nodes.</summary>
    public OverlayGraph Graph()
    {
        var alive = Network.Nodes.Select(node => node.IsUp).ToArray();
        var views = Network.Nodes
            .Select(node => node.IsUp ? Links(node.Index).Select(to => to.Index).ToArray() : []).ToArray();
        return OverlayGraph.FromViews(views, alive);
    }

    /// <summary>Nodes in the largest connected part, among those that run.</summary>
    public int LargestComponent() => ComponentMetric.Of(Graph()).Largest;

    /// <summary>A sum over the running nodes' counters.</summary>
    public long Sum(Func<NeighbourCounters, long> counter) => Up.Sum(index => counter(_neighbours[index].Counters));

    /// <summary>Throws if the state of a running node breaks an invariant.</summary>
    public void AssertInvariants()
    {
        foreach (var index in Up)
        {
            _neighbours[index].AssertInvariants();
        }
    }

    private IEnumerable<(int Index, ulong Link)> Links(int index)
    {
        var active = _neighbours[index].Active;
        for (var slots = active.Up; slots != 0; slots &= slots - 1)
        {
            var link = active[BitOperations.TrailingZeroCount(slots)];
            if (_index.TryGetValue(link.Peer.Id, out var to) && Network.Nodes[to].IsUp)
            {
                yield return (to, link.Number);
            }
        }
    }

    private ulong NumberAt(int index, int peer)
    {
        var active = _neighbours[index].Active;
        var slot = active.Find(Network.Nodes[peer].Core.Self.Id);
        return slot < 0 ? 0 : active[slot].Number;
    }

    private NodeAddress[] Seeds()
    {
        if (!Network.Nodes.Any(node => node.IsUp))
        {
            return [];
        }

        while (true)
        {
            var node = Network.Nodes[_random.Below(Network.Nodes.Count)];
            if (node.IsUp)
            {
                return [node.Address];
            }
        }
    }

    private NodeCoreOptions Equip(int index, NodeCoreOptions options)
    {
        var neighbours = new NeighboursProtocol(_options);
        var probe = new FloodProbe(neighbours, Keeps);
        if (index == _neighbours.Count)
        {
            _neighbours.Add(neighbours);
            _probes.Add(probe);
        }

        (_neighbours[index], _probes[index]) = (neighbours, probe);
        _index[options.Self.Id] = index;
        return options with { Protocols = [neighbours, probe] };
    }
}
