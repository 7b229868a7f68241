using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Neighbours;

/// <content>How a node that lacks neighbours finds new ones, and how the walk of a newcomer proceeds.</content>
internal sealed partial class NeighboursProtocol
{
    /// <summary>Who was refused so often waits for the next round: then everybody asked is full.</summary>
    private const int MaximumRefusals = 5;

    /// <summary>The first exchange for a random peer comes after this part of the period.</summary>
    private const int FirstMix = 64;

    /// <summary>How much later each following one comes.</summary>
    private const int MixGrowth = 4;

    /// <summary>Rounds in vain double the time between them so often.</summary>
    private const int LongestIdle = 3;

    private Instant _refillAt = Instant.Never;

    /// <summary>Each round asks each spare peer once.</summary>
    private long _round = 1;
    private int _refusals;
    private int _idleRounds;
    private bool _joined;
    private Instant _mixAt = Instant.Never;
    private TimeSpan _mixAfter;

    /// <summary>The number of the packet whose walk went on last.</summary>
    private long _walkedIn = -1;

    private void BeginRound()
    {
        _round++;
        _refusals = 0;
        _vain.Clear();
        _refillAt = Now + (_options.RefillPeriod * (1 << (Count == 0 ? 0 : _idleRounds)));
        _idleRounds = Math.Min(_idleRounds + 1, LongestIdle);
        Refill();
        if (Room > 1 && _idleRounds > 1 && Count > 0 && TryFindCandidate(out var peer))
        {
            // Everybody asked was full: this node goes between two neighbours, and gets two.
            TryAsk(peer, NeighbourPriority.High, makesRoom: false);
        }
    }

    /// <summary>One neighbour for a random peer: two halves that are full each find together.</summary>
    private void Mix()
    {
        _mixAt = Now + _context.Random.Between(0.5 * _mixAfter, 1.5 * _mixAfter);
        _mixAfter = MixGrowth * _mixAfter < _options.MixPeriod ? MixGrowth * _mixAfter : _options.MixPeriod;
        if (Room == 0 && _context.Peers.TryGetPeer(out var peer) && _active.Find(peer.Id) < 0)
        {
            TryAsk(peer, NeighbourPriority.High, makesRoom: true);
        }
    }

    /// <summary>
    /// Asks for as many neighbours as are missing: spare peers in random order, then the sampling service. Called
    /// whenever one may be missing.
    /// </summary>
    private void Refill()
    {
        _joined |= Count > 0;
        var priority = Count > 0 ? NeighbourPriority.Low
            : _joined ? NeighbourPriority.High : NeighbourPriority.Join;
        // Walks bring a newcomer the rest of its neighbours.
        var wanted = priority == NeighbourPriority.Join ? 1 : Capacity;
        var missing = Math.Min(wanted - _requests.Count, Room);
        while (missing > 0 && _refusals < MaximumRefusals && TryFindCandidate(out var peer))
        {
            missing -= TryAsk(peer, priority, makesRoom: false) ? 1 : 0;
        }
    }

    private bool TryFindCandidate(out Peer peer)
    {
        while (_passive.TryDrawUnasked(ref _context.Random, _round, out peer))
        {
            if (_requests.Find(peer.Id) is null && !_vain.Contains(peer.Id))
            {
                return true;
            }
        }

        for (var tries = 0; tries < Capacity && !_vain.IsFull && _context.Peers.TryGetPeer(out peer); tries++)
        {
            if (peer.Id != _context.Self.Id && _active.Find(peer.Id) < 0 && _requests.Find(peer.Id) is null
                && !_passive.Contains(peer.Id) && !_vain.Contains(peer.Id))
            {
                AddSpare(peer);
                _passive.Asked(peer.Id, _round);
                return true;
            }
        }

        return false;
    }

    /// <summary>A newcomer joined here: everybody else among the neighbours starts a walk for it.</summary>
    private void SendForwardJoins(in Peer newcomer)
    {
        for (var slot = 0; slot < Capacity; slot++)
        {
            if (_active.IsUp(slot) && _active[slot].Peer.Id != newcomer.Id)
            {
                SendForwardJoin(slot, newcomer, _options.JoinWalk);
            }
        }
    }

    private void OnForwardJoin(in Peer from, ref WireReader reader)
    {
        var number = reader.ReadUInt64();
        var hops = Math.Min((int)reader.ReadByte(), _options.JoinWalk);
        var sound = NeighbourMessage.TryRead(ref reader, out var newcomer);
        if (!TryFindLink(from, number, reader.Failed || !sound, out var sender))
        {
            return;
        }

        Heard(sender);
        if (newcomer.Id == _context.Self.Id || !IsFirstWalk())
        {
            return;
        }

        var slot = _active.Find(newcomer.Id);
        var next = _active.Draw(ref _context.Random, from.Id, newcomer.Id);
        if (hops == 0 || Count <= 1 || next < 0 || IsOutdated(slot, newcomer))
        {
            if (slot < 0 || IsOutdated(slot, newcomer))
            {
                TryAsk(newcomer, NeighbourPriority.High, makesRoom: true, isNamed: true);
            }

            return;
        }

        if (hops == _options.PassiveWalk)
        {
            AddSpare(newcomer);
        }

        SendForwardJoin(next, newcomer, hops - 1);
    }

    /// <summary>
    /// Whether no other walk of this packet goes on: honest packets have one, and each would go on as a packet of its
    /// own.
    /// </summary>
    private bool IsFirstWalk()
    {
        var isFirst = _walkedIn != _context.PacketNumber;
        _walkedIn = _context.PacketNumber;
        Counters.Unexpected += isFirst ? 0 : 1;
        return isFirst;
    }

    /// <summary>A neighbour that joins again has forgotten the link.</summary>
    private bool IsOutdated(int slot, in Peer newcomer) =>
        slot >= 0 && newcomer.Incarnation > _active[slot].Peer.Incarnation;

    private void SendForwardJoin(int slot, in Peer newcomer, int hops)
    {
        var writer = new WireWriter(_body);
        writer.WriteUInt64(_active[slot].Number);
        writer.WriteByte((byte)hops);
        NeighbourMessage.Write(ref writer, newcomer);
        NeighbourMessage.Pad(ref writer);
        _context.Send(_active[slot].Peer, NeighbourMessage.ForwardJoin, writer.Written);
        Sent(slot);
    }
}
