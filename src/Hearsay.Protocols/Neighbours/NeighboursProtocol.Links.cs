using Hearsay.Protocols.Core;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Neighbours;

/// <content>What happens to a link while it is up, and how it ends.</content>
internal sealed partial class NeighboursProtocol
{
    /// <summary>
    /// Who answered a probe waits this much longer than who asked, so that the two take turns instead of both asking.
    /// </summary>
    private const double AfterAnswer = 1.25;

    private const int HeartbeatBytes = sizeof(ulong) + sizeof(uint);

    /// <inheritdoc/>
    public void Heard(int slot)
    {
        if (_active.IsUp(slot))
        {
            _active[slot].Heard(Now, _options.HeartbeatPeriod);
        }
    }

    /// <inheritdoc/>
    public void Sent(int slot)
    {
        if (!_active.IsUp(slot) || _active[slot] is not { IsExpected: false, Tries: 0 } link)
        {
            return;
        }

        link.IsExpected = true;
        link.CheckAt = Instant.Min(link.CheckAt, Instant.Max(Now, link.HeardAt + _options.SuspectAfter));
        if (link.CheckAt < _armed)
        {
            Arm();
        }
    }

    /// <summary>A neighbour was silent for long enough: one more probe, or it is given up.</summary>
    private void Probe(int slot)
    {
        var link = _active[slot];
        if (link.Tries > 0)
        {
            _context.Unanswered(link.Peer);
        }

        if (link.Tries >= _options.ProbeTries)
        {
            Counters.Failures++;
            _mixAfter = _options.MixPeriod / FirstMix;
            _mixAt = Instant.Min(_mixAt, Now + _mixAfter);
            SendDisconnect(link.Peer, link.Number, lives: true);
            TakeDown(slot, keep: false);
            Refill();
            return;
        }

        if (link.Tries == 0 && _context.Self.Addresses != _addresses)
        {
            RenewAll();
        }

        Counters.Pings++;
        SendHeartbeat(link.Peer, NeighbourMessage.Ping, link.Number, link.NextTry(Now));
        link.CheckAt = Now + link.Interval;
    }

    /// <summary>This node moved: every neighbour hears of the new address by a new link.</summary>
    private void RenewAll()
    {
        _addresses = _context.Self.Addresses;
        for (var slot = 0; slot < Capacity; slot++)
        {
            if (_active.IsUp(slot))
            {
                TryAsk(_active[slot].Peer, NeighbourPriority.High, makesRoom: false);
            }
        }
    }

    private void OnHeartbeat(in Peer from, byte type, ref WireReader reader)
    {
        var number = reader.ReadUInt64();
        var stamp = reader.ReadUInt32();
        if (!TryFindLink(from, number, reader.Failed, out var slot))
        {
            return;
        }

        var link = _active[slot];
        if (type == NeighbourMessage.Ping)
        {
            link.Heard(Now, _options.HeartbeatPeriod);
            ReplyPong(number, stamp);
        }
        else
        {
            link.Answered(stamp, Now);
            link.Heard(Now, AfterAnswer * _options.HeartbeatPeriod);
        }
    }

    private void OnDisconnect(in Peer from, ref WireReader reader)
    {
        var number = reader.ReadUInt64();
        var lives = reader.ReadByte() != 0;
        if (reader.Failed)
        {
            Counters.Malformed++;
            return;
        }

        var slot = _active.Find(from.Id);
        if (slot >= 0 && _active[slot].Number == number)
        {
            TakeDown(slot, keep: lives);
        }
        else if (_requests.Find(from.Id) is { IsConfirming: true } request && request.Link == number)
        {
            // The slot it was promised went to somebody else.
            request.Clear();
            _refusals++;
        }
        else
        {
            Counters.StaleDisconnects++;
            return;
        }

        _passive.Asked(from.Id, _round);
        if (!lives)
        {
            _passive.Remove(from.Id);
        }

        FollowHint(ref reader);
        Refill();
    }

    /// <summary>The slot of a frame's link. Who speaks over a link that is not there is told so.</summary>
    private bool TryFindLink(in Peer from, ulong number, bool malformed, out int slot)
    {
        slot = -1;
        if (malformed)
        {
            Counters.Malformed++;
            return false;
        }

        if (TryFindUp(from.Id, number, out slot))
        {
            return true;
        }

        Counters.Strangers++;
        ReplyDisconnect(number);
        return false;
    }

    /// <summary>
    /// The slot of a link that is up. Whoever speaks over a link that is being confirmed has it, so it is up.
    /// </summary>
    private bool TryFindUp(NodeId from, ulong number, out int slot)
    {
        slot = _active.Find(from);
        if (slot >= 0 && _active[slot].Number == number)
        {
            return true;
        }

        if (_requests.Find(from) is { IsConfirming: true } request && request.Link == number)
        {
            Establish(request);
            slot = _active.Find(from);
            return slot >= 0;
        }

        slot = -1;
        return false;
    }

    /// <inheritdoc/>
    public void Shun(NodeId id)
    {
        _shunned.Add(id, Now);
        _passive.Remove(id);
        if (_requests.Find(id) is { } request)
        {
            request.Clear();
        }

        if (_active.Find(id) is >= 0 and var slot)
        {
            Counters.Shunned++;
            SendDisconnect(_active[slot].Peer, _active[slot].Number, lives: true);
            TakeDown(slot, keep: false);
            Arm();
        }
    }

    /// <inheritdoc/>
    public bool IsShunned(NodeId id) => _shunned.Contains(id, Now);

    private void BringUp(in Peer peer, ulong number, RoundTripEstimator roundTrip)
    {
        _passive.Remove(peer.Id);
        var slot = _active.Add(peer, number, roundTrip, Now);
        _active[slot].Heard(Now, _options.HeartbeatPeriod);
        Counters.LinksUp++;
        _idleRounds = 0;
        foreach (var observer in _observers)
        {
            observer.OnNeighbourUp(slot);
        }
    }

    private void TakeDown(int slot, bool keep)
    {
        var was = _active[slot].Peer;
        _closed.Add(was.Id, _active[slot].Number, Now);
        _active.Remove(slot);
        Counters.LinksDown++;
        (_idleRounds, _refillAt) = (0, Instant.Min(_refillAt, Now + _options.RefillPeriod));
        if (keep)
        {
            AddSpare(was);
            _passive.Asked(was.Id, _round);
        }

        foreach (var observer in _observers)
        {
            observer.OnNeighbourDown(slot, was);
        }
    }

    private void SendHeartbeat(in Peer to, byte type, ulong number, uint stamp)
    {
        var writer = new WireWriter(stackalloc byte[HeartbeatBytes]);
        WriteHeartbeat(ref writer, number, stamp);
        _context.Send(to, type, writer.Written);
    }

    /// <summary>All answers to the pings of a packet go out as one.</summary>
    private void ReplyPong(ulong number, uint stamp)
    {
        var writer = new WireWriter(stackalloc byte[HeartbeatBytes]);
        WriteHeartbeat(ref writer, number, stamp);
        _context.Reply(NeighbourMessage.Pong, writer.Written);
    }

    private static void WriteHeartbeat(ref WireWriter writer, ulong number, uint stamp)
    {
        writer.WriteUInt64(number);
        writer.WriteUInt32(stamp);
    }

    private void SendDisconnect(in Peer to, ulong number, bool lives, in Peer hint = default)
    {
        var writer = new WireWriter(_body);
        WriteDisconnect(ref writer, number, lives);
        NeighbourMessage.WriteHint(ref writer, hint);
        _context.Send(to, NeighbourMessage.Disconnect, writer.Written);
    }

    private void ReplyDisconnect(ulong number)
    {
        var writer = new WireWriter(_body);
        WriteDisconnect(ref writer, number, lives: true);
        _context.Reply(NeighbourMessage.Disconnect, writer.Written);
    }

    private static void WriteDisconnect(ref WireWriter writer, ulong number, bool lives)
    {
        writer.WriteUInt64(number);
        writer.WriteByte(lives ? (byte)1 : (byte)0);
    }
}
