using Hearsay.Protocols;

namespace Hearsay.Lab.Engines;

/// <summary>
/// Unmodified nodes on a virtual network behind the contract of the cycle engines: a cycle is one cycle time of virtual
/// time. Messages take their time and may be lost; nobody knows who lives.
/// </summary>
/// <remarks>
/// Nodes get their first contacts instead of whole views, since a real node has nothing else: three random ones in a
/// random start, its neighbours on the ring in a lattice. Single threaded. Exchanges are those that were completed.
/// </remarks>
internal sealed class EventEngine : ICycleEngine
{
    private const ulong StartPurpose = 0x4556_5354;
    private const ulong KillPurpose = 0x4556_4B49;
    private const int RandomContacts = 3;
    private const int MostLatticeContacts = 32;

    private readonly PeerSamplingOptions _sampling;
    private readonly EventOptions _options;
    private readonly VirtualNetwork _network;
    private readonly Dictionary<NodeId, int> _indexes = [];
    private readonly List<int> _live = [];
    private readonly OverlayStart _start;
    private readonly int _finalNodes;
    private readonly Peer[] _copy;
    private uint[] _handles = [];
    private ushort[] _ages = [];
    private int[] _counts = [];
    private bool _viewsAreRead;
    private ulong _kills;

    /// <summary>Whole nodes: some 35 kB each.</summary>
    private const int MostNodes = 200_000;

    /// <summary>A run before its first cycle.</summary>
    /// <exception cref="LabUsageException">More nodes than memory holds.</exception>
    public EventEngine(PeerSamplingOptions sampling, EventOptions options, int nodes, OverlayStart start)
    {
        if (nodes > MostNodes)
        {
            throw new LabUsageException(
                $"--engine event runs whole nodes, at most {MostNodes:N0} of them; --nodes is {nodes:N0}.");
        }

        (_sampling, _options, _start, _finalNodes) = (sampling, options, start, nodes);
        _copy = new Peer[sampling.ViewSize];
        _network = new VirtualNetwork(new VirtualNetworkOptions
        {
            Seed = options.Seed, MinimumLatency = options.Latency.Least, MaximumLatency = options.Latency.Most,
            Loss = options.Loss, KeepsNotices = false,
        });
        options.Trace?.Begin(_network, nodes);
        var random = SeededRandom.For(options.Seed, 0, 0, StartPurpose);
        for (var node = 0; node < (start == OverlayStart.Growing ? 1 : nodes); node++)
        {
            Add(ContactsOf(node, ref random));
        }
    }

    public int Cycle { get; private set; }

    public int NodeCount => _network.Nodes.Count;

    public int LiveCount => _live.Count;

    public long Exchanges => _network.Nodes.Sum(node => node.Core.Counters.ExchangesCompleted);

    /// <summary>Events handled so far.</summary>
    public long Events => _network.EventsHandled;

    /// <summary>
    /// The bytes of the arrays in which all nodes, dead ones included, keep their peers, views and exchanges: counted,
    /// not measured, so that the same run tells the same. Objects' heads and packets under way are not among them.
    /// </summary>
    public long StateBytes => _network.Nodes.Sum(static node => node.Core.StateBytes);

    public void Run(int cycles)
    {
        for (var i = 0; i < cycles; i++)
        {
            for (var joins = Math.Min(_options.JoinsPerCycle, _finalNodes - NodeCount); joins > 0; joins--)
            {
                Join(0);
            }

            Cycle++;
            _network.Run(_sampling.CycleTime);
        }

        _viewsAreRead = false;
    }

    public int Join(int contact) => Add([_network.Nodes[contact].Address]);

    public int KillNodes(int count)
    {
        var dying = Math.Clamp(count, 0, LiveCount);
        var order = _live.ToArray();
        SeededRandom.For(_options.Seed, ++_kills, (ulong)Cycle, KillPurpose).Shuffle(order.AsSpan());
        foreach (var node in order.AsSpan(0, dying))
        {
            _network.Kill(_network.Nodes[node]);
        }

        _options.Trace?.TellCrash(order[..dying]);
        _live.RemoveAll(node => !IsAlive(node));
        return dying;
    }

    public void KillNode(int node)
    {
        _network.Kill(_network.Nodes[node]);
        _live.Remove(node);
    }

    public int Kill(double share) => KillNodes((int)Math.Round(share * LiveCount));

    public bool IsAlive(int node) => _network.Nodes[node].IsUp;

    public ReadOnlySpan<uint> ViewOf(int node)
    {
        ReadViews();
        return _handles.AsSpan(node * _sampling.ViewSize, _counts[node]);
    }

    public ReadOnlySpan<ushort> AgesOf(int node)
    {
        ReadViews();
        return _ages.AsSpan(node * _sampling.ViewSize, _counts[node]);
    }

    public long CountDeadLinks()
    {
        var dead = 0L;
        foreach (var node in _live)
        {
            foreach (var handle in ViewOf(node))
            {
                dead += IsAlive((int)handle) ? 0 : 1;
            }
        }

        return dead;
    }

    public OverlayGraph Snapshot()
    {
        ReadViews();
        return OverlayGraph.FromSlots(
            _handles, _sampling.ViewSize, _counts.AsSpan(0, NodeCount),
            [.. _network.Nodes.Select(node => node.IsUp)]);
    }

    public void AssertInvariants()
    {
        foreach (var node in _live)
        {
            _network.Nodes[node].Core.AssertInvariants();
        }
    }

    /// <summary>Nothing to free: all of it is on the heap.</summary>
    public void Dispose()
    {
    }

    private int Add(IEnumerable<NodeAddress> contacts)
    {
        var node = _network.Add(_sampling, contacts);
        _indexes.Add(node.Core.Self.Id, node.Index);
        _live.Add(node.Index);
        _viewsAreRead = false;
        return node.Index;
    }

    private NodeAddress[] ContactsOf(int node, ref SeededRandom random)
    {
        var contacts = new List<NodeAddress>();
        void Know(int other) => contacts.Add(VirtualNetwork.AddressOf(other));
        switch (_start)
        {
            case OverlayStart.Random:
                for (var i = 0; i < RandomContacts; i++)
                {
                    Know((node + 1 + random.Below(_finalNodes - 1)) % _finalNodes);
                }

                break;
            case OverlayStart.Lattice:
                var reach = Math.Min(Math.Min(_sampling.ViewSize, MostLatticeContacts) / 2, (_finalNodes - 1) / 2);
                for (var distance = 1; distance <= reach; distance++)
                {
                    Know((node + distance) % _finalNodes);
                    Know((node + _finalNodes - distance) % _finalNodes);
                }

                break;
            case OverlayStart.Chain when node + 1 < _finalNodes:
                Know(node + 1);
                break;
            case OverlayStart.Star when node > 0:
                Know(0);
                break;
        }

        return [.. contacts];
    }

    /// <summary>Copies the published views, with indexes for identities.</summary>
    private void ReadViews()
    {
        if (_viewsAreRead)
        {
            return;
        }

        var c = _sampling.ViewSize;
        (_handles, _ages, _counts) = (new uint[NodeCount * c], new ushort[NodeCount * c], new int[NodeCount]);
        foreach (var node in _network.Nodes)
        {
            var count = node.IsUp ? node.Core.View.CopyTo(_copy) : 0;
            _counts[node.Index] = count;
            for (var i = 0; i < count; i++)
            {
                _handles[(node.Index * c) + i] = (uint)_indexes[_copy[i].Id];
                _ages[(node.Index * c) + i] = _copy[i].AgeCycles;
            }
        }

        _viewsAreRead = true;
    }
}
