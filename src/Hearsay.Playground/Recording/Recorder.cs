using System.Runtime.CompilerServices;
using Hearsay.Simulation.Checks;
using Hearsay.Simulation.Network;

namespace Hearsay.Playground.Recording;

/// <summary>
/// Watches a network for the page: its packets, its merges, and the rules that the simulator's own oracle checks at
/// every event. It changes nothing.
/// </summary>
internal sealed class Recorder : INetworkWitness
{
    /// <summary>Above so many nodes nobody can follow single packets, and checks would take most of the time.</summary>
    public const int MostNodes = 100;

    /// <summary>Merges kept for the page.</summary>
    private const int MergesKept = 32;

    /// <summary>That of the node 0; the others follow, and those of nodes that moved 65,536 further.</summary>
    private const uint FirstAddress = 0x0A00_0001u;

    private readonly VirtualNetwork _network;
    private readonly NodeChecks? _checks;
    private readonly bool _isRecording;
    private int _partner = -1;
    private uint[] _addresses = [];

    /// <summary>A recorder of a network.</summary>
    /// <param name="network">The network; nobody else may be its witness.</param>
    /// <param name="nodes">How many nodes it will have.</param>
    public Recorder(VirtualNetwork network, int nodes)
    {
        _network = network;
        _isRecording = nodes <= MostNodes;
        _checks = _isRecording ? new NodeChecks(network) : null;
        if (_isRecording)
        {
            network.Witness = this;
            network.Launched = (target, arrives) => Packets.Arrives(Instant.Max(arrives, target.PausedUntil));
        }
    }

    /// <summary>Packets that the page was not told of yet.</summary>
    public PacketLog Packets { get; } = new();

    /// <summary>The merges.</summary>
    public MergeWatch Merges { get; } = new();

    /// <summary>Whether rules are checked.</summary>
    public bool Checks => _checks is not null;

    /// <summary>The first breach of each rule, by its name: what happened.</summary>
    public SortedDictionary<string, string> Broken { get; } = new(StringComparer.Ordinal);

    /// <summary>Who waits for a packet of a kind to leave, and makes it vanish; null for nobody.</summary>
    public Func<VirtualNode, int, int, bool>? Vanishes { get; set; }

    /// <summary>Whether the packet that leaves now vanishes.</summary>
    public bool IsVanishing { get; private set; }

    /// <inheritdoc/>
    public void Started(VirtualNode node) => Check(() => _checks?.Started(node));

    /// <inheritdoc/>
    public void Receiving(VirtualNode node, in Link from, ReadOnlySpan<byte> packet)
    {
        _partner = IndexOf(from.Address);
        Merges.Receiving(node, packet);
        try
        {
            _checks?.Receiving(node, from, packet);
        }
        catch (InvariantViolationException breach)
        {
            Note(breach);
        }
    }

    /// <inheritdoc/>
    public void Due(VirtualNode node)
    {
        _partner = -1;
        Check(() => _checks?.Due(node));
    }

    /// <inheritdoc/>
    public void Sent(VirtualNode node, in Link to, ReadOnlySpan<byte> packet)
    {
        var target = IndexOf(to.Address);
        Packets.Sent(node.Index, target, packet, _network.Now);
        IsVanishing = Vanishes?.Invoke(node, target, PacketKind.Of(packet)) ?? false;
        Merges.Sent(node, packet);
        try
        {
            _checks?.Sent(node, to, packet);
        }
        catch (InvariantViolationException breach)
        {
            Note(breach);
        }
    }

    /// <inheritdoc/>
    public void Handled(VirtualNode node)
    {
        Merges.Handled(node, _partner, _network.Now, MergesKept);
        Check(() => _checks?.Handled(node));
    }

    /// <summary>A rule of the scene itself is broken.</summary>
    public void Note(string rule, string message) => Broken.TryAdd(rule, message);

    /// <summary>Notes the addresses of all nodes, so that very many can be found quickly.</summary>
    public void NoteAddresses()
    {
        if (_addresses.Length != _network.Nodes.Count)
        {
            _addresses = new uint[_network.Nodes.Count];
        }

        for (var i = 0; i < _addresses.Length; i++)
        {
            _addresses[i] = _network.Nodes[i].Addresses.IPv4Bits;
        }
    }

    /// <summary>The node that had an address, as a number, when those were noted; -1 for nobody.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOfNoted(uint address)
    {
        var index = (int)(address - FirstAddress) & 0xFFFF;
        return (uint)index < (uint)_addresses.Length && _addresses[index] == address ? index : -1;
    }

    /// <summary>The node that has an address; -1 for nobody.</summary>
    public int IndexOf(in NodeAddress address)
    {
        var index = (int)(address.IPv4Bits - FirstAddress) & 0xFFFF;
        return index < _network.Nodes.Count && _network.Nodes[index].Address == address ? index : -1;
    }

    private void Check(Action check)
    {
        if (_checks is null)
        {
            return;
        }

        try
        {
            check();
        }
        catch (InvariantViolationException breach)
        {
            Note(breach);
        }
    }

    private void Note(InvariantViolationException breach) => Broken.TryAdd(breach.Rule, breach.Message);
}
