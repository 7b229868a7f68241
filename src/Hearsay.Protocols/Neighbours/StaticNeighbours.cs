using System.Numerics;

namespace Hearsay.Protocols.Neighbours;

/// <summary>
/// Neighbours that never change by themselves, for experiments and tests on a given graph. Not thread safe.
/// </summary>
internal sealed class StaticNeighbours : INeighbours
{
    private readonly NodeId _self;
    private readonly Peer[] _peers;
    private readonly TimeSpan[] _roundTrips;
    private readonly List<INeighbourObserver> _observers = [];
    private readonly HashSet<NodeId> _shunned = [];

    /// <summary>Creates the neighbours of a node, in the order of their slots.</summary>
    /// <param name="self">The id of the node. Both ends compute the number of their link from their two ids.</param>
    /// <param name="peers">The neighbours, from 0 to 32.</param>
    /// <param name="roundTrips">The round-trip times of the neighbours, in the same order; empty for zeros.</param>
    public StaticNeighbours(NodeId self, ReadOnlySpan<Peer> peers, ReadOnlySpan<TimeSpan> roundTrips = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(peers.Length, 32);
        _self = self;
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

    /// <summary>Returns the slot of a peer, or -1 if it is not a neighbour.</summary>
    public int Find(NodeId id)
    {
        for (var slots = Up; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            if (_peers[slot].Id == id)
            {
                return slot;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public ulong LinkNumber(int slot) => (Up & (1u << slot)) != 0 ? NumberWith(_peers[slot].Id) : 0;

    /// <inheritdoc/>
    /// <remarks>The link of a neighbour that was taken away counts as just closed until its slot is taken.</remarks>
    public bool TryFind(in Peer from, ulong number, out int slot)
    {
        slot = Find(from.Id);
        return number == NumberWith(from.Id) && (slot >= 0 || IsKnown(from.Id));
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
    /// <remarks>It is never forgiven: nothing changes here by itself.</remarks>
    public void Shun(NodeId id)
    {
        _shunned.Add(id);
        if (Find(id) is >= 0 and var slot)
        {
            Remove(slot);
        }
    }

    /// <inheritdoc/>
    public bool IsShunned(NodeId id) => _shunned.Contains(id);

    /// <inheritdoc/>
    public void Watch(INeighbourObserver observer) => _observers.Add(observer);

    /// <summary>Removes a neighbour, as if it had failed. Call it between inputs of the node.</summary>
    public void Remove(int slot)
    {
        Up &= ~(1u << slot);
        foreach (var observer in _observers)
        {
            observer.OnNeighbourDown(slot, _peers[slot]);
        }
    }

    /// <summary>Puts a neighbour into a free slot. Call it between inputs of the node.</summary>
    public void Put(int slot, in Peer peer, TimeSpan roundTrip)
    {
        (_peers[slot], _roundTrips[slot]) = (peer, roundTrip);
        Up |= 1u << slot;
        foreach (var observer in _observers)
        {
            observer.OnNeighbourUp(slot);
        }
    }

    private bool IsKnown(NodeId id)
    {
        foreach (ref readonly var peer in _peers.AsSpan())
        {
            if (peer.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same at both ends, and not 0.</summary>
    private ulong NumberWith(NodeId other) =>
        SeededRandom.Mix(_self.High ^ SeededRandom.Mix(_self.Low)) ^
        SeededRandom.Mix(other.High ^ SeededRandom.Mix(other.Low)) | 1;
}
