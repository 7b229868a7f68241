using Hearsay.Protocols;
using Hearsay.Transport;

namespace Hearsay;

/// <summary>
/// A network inside the process, for tests. Nodes attached to it communicate without sockets. It can lose datagrams and
/// be partitioned.
/// </summary>
/// <remarks>
/// Addresses are only names here. <see cref="NewAddress"/> returns one that is not in use. Packets travel on the thread
/// pool, so two runs are not identical. Use the simulator where runs must be repeatable. Safe on any thread.
/// </remarks>
/// <example>
/// <code>
/// var network = new MemoryNetwork(lossShare: 0.1, seed: 42);
/// network.Partition([first, second]); // these two hear each other and nobody else
/// network.Heal();
/// </code>
/// </example>
public sealed class MemoryNetwork
{
    private const ushort FirstFreePort = 49_152;

    /// <summary>The port of the addresses made here.</summary>
    private const ushort DefaultPort = 7946;

    private readonly Lock _gate = new();
    private readonly Dictionary<(NodeAddress Address, LinkKind Kind), MemoryTransport> _transports = [];
    private readonly double _lossShare;
    private HashSet<NodeAddress>? _side;
    private SeededRandom _random;
    private uint _lastHost;

    /// <summary>Creates a network without nodes.</summary>
    /// <param name="lossShare">The share of datagrams that are lost, from 0 to 1; streams lose nothing.</param>
    /// <param name="seed">The seed of the random losses.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public MemoryNetwork(double lossShare = 0, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lossShare, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lossShare, 1);
        _lossShare = lossShare;
        _random = new SeededRandom(seed);
    }

    /// <summary>
    /// Returns an address that this network has not returned before. Addresses start at 127.0.0.1 and have port 7946.
    /// </summary>
    public NodeAddress NewAddress()
    {
        // Within 127.0.0.0/8, so that a program that mistakes them for real addresses reaches only itself.
        var host = Interlocked.Increment(ref _lastHost) & 0x00FF_FFFF;
        return NodeAddress.FromIPv4(0x7F00_0000 | host, DefaultPort);
    }

    /// <summary>
    /// Partitions the network: nothing passes between the nodes of one side and all other nodes. This replaces an
    /// earlier partition.
    /// </summary>
    /// <param name="side">The addresses of one side.</param>
    public void Partition(IEnumerable<NodeAddress> side)
    {
        ArgumentNullException.ThrowIfNull(side);
        var addresses = side.ToHashSet();
        lock (_gate)
        {
            _side = addresses;
        }
    }

    /// <summary>Ends the partition.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            _side = null;
        }
    }

    /// <summary>Adds a transport; returns its address, with a port if it had none.</summary>
    internal NodeAddress Attach(MemoryTransport transport, in NodeAddress local)
    {
        lock (_gate)
        {
            var address = local.Port == 0 ? WithFreePort(local) : local;
            if (!_transports.TryAdd((address, transport.Kind), transport))
            {
                throw new IOException($"Cannot listen on {address} in memory: the address is taken.");
            }

            return address;
        }
    }

    /// <summary>Removes a transport.</summary>
    internal void Detach(MemoryTransport transport)
    {
        lock (_gate)
        {
            var key = (transport.LocalAddress, transport.Kind);
            if (_transports.GetValueOrDefault(key) == transport)
            {
                _transports.Remove(key);
            }
        }
    }

    /// <summary>Who gets a packet; null if it is lost, cut off, or nobody is there.</summary>
    internal MemoryTransport? Route(MemoryTransport from, in NodeAddress to)
    {
        lock (_gate)
        {
            var cut = _side is not null && _side.Contains(from.LocalAddress) != _side.Contains(to);
            var lost = _lossShare > 0 && from.Kind == LinkKind.Datagram && _random.NextDouble() < _lossShare;
            return cut || lost ? null : _transports.GetValueOrDefault((to, from.Kind));
        }
    }

    private NodeAddress WithFreePort(in NodeAddress local)
    {
        var port = FirstFreePort;
        while (_transports.ContainsKey((local.WithPort(port), LinkKind.Datagram))
            || _transports.ContainsKey((local.WithPort(port), LinkKind.Stream)))
        {
            port = port < ushort.MaxValue
                ? (ushort)(port + 1)
                : throw new IOException($"No port is free on {local} in memory.");
        }

        return local.WithPort(port);
    }
}
