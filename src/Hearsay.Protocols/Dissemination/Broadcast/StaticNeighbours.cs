namespace Hearsay.Protocols;

/// <summary>Neighbours that never change by themselves: for experiments and tests on a graph that is given.</summary>
public sealed class StaticNeighbours : INeighbours
{
    private readonly Peer[] _peers;
    private readonly TimeSpan[] _roundTrips;
    private readonly List<INeighbourObserver> _observers = [];

    /// <summary>A node's neighbours, in the order of their slots.</summary>
    /// <param name="peers">From 0 to 32.</param>
    /// <param name="roundTrips">Their round-trip times; zeros if null.</param>
    public StaticNeighbours(ReadOnlySpan<Peer> peers, ReadOnlySpan<TimeSpan> roundTrips = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(peers.Length, 32);
        _peers = peers.ToArray();
        _roundTrips = new TimeSpan[peers.Length];
        roundTrips.CopyTo(_roundTrips);
        Up = peers.Length == 32 ? uint.MaxValue : (1u << peers.Length) - 1;
    }

    /// <inheritdoc/>
    public int Capacity => _peers.Length;

    /// <inheritdoc/>
    public uint Up { get; private set; }

    /// <inheritdoc/>
    public Peer this[int slot] => _peers[slot];

    /// <inheritdoc/>
    public bool TryFind(NodeId id, out int slot)
    {
        for (slot = 0; slot < _peers.Length; slot++)
        {
            if (_peers[slot].Id == id && (Up & (1u << slot)) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public TimeSpan RoundTrip(int slot) => _roundTrips[slot];

    /// <inheritdoc/>
    public void Heard(int slot)
    {
    }

    /// <inheritdoc/>
    public void Sent(int slot)
    {
    }

    /// <inheritdoc/>
    public void Watch(INeighbourObserver observer) => _observers.Add(observer);

    /// <summary>Takes a neighbour away, as if it had failed; call it between inputs of the node.</summary>
    public void Remove(int slot)
    {
        Up &= ~(1u << slot);
        foreach (var observer in _observers)
        {
            observer.OnNeighbourDown(slot, _peers[slot]);
        }
    }

    /// <summary>Puts a neighbour into a slot that is free; call it between inputs of the node.</summary>
    public void Put(int slot, in Peer peer, TimeSpan roundTrip)
    {
        (_peers[slot], _roundTrips[slot]) = (peer, roundTrip);
        Up |= 1u << slot;
        foreach (var observer in _observers)
        {
            observer.OnNeighbourUp(slot);
        }
    }
}
