using Hearsay.Protocols;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Simulation.Neighbours;

/// <summary>
/// The plainest broadcast, to measure an overlay of neighbours with: everything new goes to all of them, and what was
/// new lately goes to every neighbour that comes up.
/// </summary>
internal sealed class FloodProbe : IProtocol, INeighbourObserver
{
    private const byte Flood = 1;

    private readonly NeighboursProtocol _neighbours;
    private readonly TimeSpan _keeps;
    private readonly Dictionary<ulong, Instant> _seen = [];
    private IProtocolContext? _context;

    /// <summary>A probe beside a node's neighbours.</summary>
    /// <param name="neighbours">Whom it floods to.</param>
    /// <param name="keeps">For how long a message is told to new neighbours; zero never.</param>
    public FloodProbe(NeighboursProtocol neighbours, TimeSpan keeps)
    {
        (_neighbours, _keeps) = (neighbours, keeps);
        neighbours.Watch(this);
    }

    /// <inheritdoc/>
    public byte Id => 127;

    /// <summary>The messages this node has, and when they came.</summary>
    public IReadOnlyDictionary<ulong, Instant> Seen => _seen;

    /// <inheritdoc/>
    public void Start(IProtocolContext context) => _context = context;

    /// <inheritdoc/>
    public void OnCommand(IProtocolContext context, object command) => Take((ulong)command, except: -1);

    /// <inheritdoc/>
    public void Receive(IProtocolContext context, in Peer from, byte type, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var (link, message) = (reader.ReadUInt64(), reader.ReadUInt64());
        if (!reader.Failed && _neighbours.TryFind(from, link, out var slot) && slot >= 0)
        {
            _neighbours.Heard(slot);
            Take(message, slot);
        }
    }

    /// <inheritdoc/>
    public void OnNeighbourUp(int slot)
    {
        foreach (var (message, at) in _seen)
        {
            if (_context!.Now < at + _keeps)
            {
                Send(slot, message);
            }
        }
    }

    /// <inheritdoc/>
    public void OnNeighbourDown(int slot, in Peer was)
    {
    }

    private void Take(ulong message, int except)
    {
        if (!_seen.TryAdd(message, _context!.Now))
        {
            return;
        }

        for (var slot = 0; slot < _neighbours.Capacity; slot++)
        {
            if (slot != except && (_neighbours.Up & (1u << slot)) != 0)
            {
                Send(slot, message);
            }
        }
    }

    private void Send(int slot, ulong message)
    {
        Span<byte> body = stackalloc byte[16];
        var writer = new WireWriter(body);
        writer.WriteUInt64(_neighbours.LinkNumber(slot));
        writer.WriteUInt64(message);
        _context!.Send(_neighbours[slot], Flood, body);
        _neighbours.Sent(slot);
    }
}
