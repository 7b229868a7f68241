using Hearsay.Protocols.Core;
using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Neighbours;

/// <content>How links come up: Ask, Accept, Confirm.</content>
internal sealed partial class NeighboursProtocol
{
    /// <summary>For so many refill periods a link is young.</summary>
    private const int YoungPeriods = 60;

    private static readonly TimeSpan HungryFor = TimeSpan.FromSeconds(10);

    /// <summary>Who was refused last.</summary>
    private Peer _hungry;
    private Instant _hungryUntil;
    private Instant _displacesUntil;
    private int _displaced;

    private int Room => Capacity - _active.Count - _requests.Confirming;

    /// <summary>Asks a peer to become a neighbour.</summary>
    /// <param name="peer">Whom.</param>
    /// <param name="priority">How much it is needed.</param>
    /// <param name="makesRoom">Whether a neighbour goes if there is no room.</param>
    /// <param name="isNamed">Whether it is asked because the message being handled names it.</param>
    /// <returns>
    /// False if it was not asked: too many requests are on their way, one to this peer already, or the message named
    /// too many.
    /// </returns>
    private bool TryAsk(in Peer peer, NeighbourPriority priority, bool makesRoom, bool isNamed = false)
    {
        var request = _requests.Find(peer.Id) is null ? _requests.Find(NodeId.None) : null;
        if (request is null || _context.Self.Addresses.IsEmpty || IsShunned(peer.Id))
        {
            Counters.RequestsSkipped++;
            return false;
        }

        (request.Peer, request.Nonce, request.Priority) = (peer, NextNonce(), priority);
        (request.Link, request.Tries, request.MakesRoom, request.IsNamed) = (0, 0, makesRoom, isNamed);
        if (SendRequest(request, isNamed) || !isNamed)
        {
            return true;
        }

        request.Clear();
        Counters.RequestsSkipped++;
        return false;
    }

    /// <summary>Sends a request or its confirmation, for the first time or again.</summary>
    private bool SendRequest(NeighbourRequest request, bool isNamed = false)
    {
        Counters.RequestsSent++;
        request.Tries++;
        (request.SentAt, request.DueAt) = (Now, Now + _roundTrip.Timeout);
        var writer = new WireWriter(_body);
        if (request.IsConfirming)
        {
            writer.WriteUInt64(request.Link);
            writer.WriteUInt64(request.Nonce);
            writer.WriteByte((byte)request.Priority);
            writer.WriteUInt32((uint)request.Tries);
            NeighbourMessage.Write(ref writer, _context.Self);
            NeighbourMessage.WriteHint(ref writer, request.Hint);
        }
        else
        {
            writer.WriteUInt64(request.Nonce);
            writer.WriteNodeId(request.Peer.Id);
            writer.WriteByte((byte)request.Priority);
            NeighbourMessage.Write(ref writer, _context.Self);
            WriteReplaced(ref writer, request.Peer.Id);
            NeighbourMessage.Pad(ref writer);
        }

        var type = request.IsConfirming ? NeighbourMessage.Confirm : NeighbourMessage.Ask;
        return isNamed
            ? _context.ReplyTo(request.Peer, type, writer.Written)
            : _context.Send(request.Peer, type, writer.Written);
    }

    /// <summary>A request was not answered in time.</summary>
    private void Repeat(NeighbourRequest request)
    {
        _context.Unanswered(request.Peer);
        if (request.Tries < (request.IsConfirming ? _options.ProbeTries : _options.RequestTries))
        {
            SendRequest(request);
            return;
        }

        Counters.Unreachable++;
        _passive.Remove(request.Peer.Id);
        _vain.Add(request.Peer.Id);
        request.Clear();
        Refill();
    }

    private void OnAsk(in Peer from, ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        var expected = reader.ReadNodeId();
        var priority = (NeighbourPriority)reader.ReadByte();
        if (!TryReadAsker(from, ref reader, priority, out var asker))
        {
            return;
        }

        if (expected != _context.Self.Id || _requests.Find(asker.Id) is { IsConfirming: true } || IsShunned(asker.Id))
        {
            // Of two requests that cross the one that got further wins; the other is repeated and finds the link up.
            Counters.Unexpected++;
            return;
        }

        var writer = new WireWriter(_body);
        writer.WriteUInt64(nonce);
        var replaces = ReplacedBy(asker);
        if (replaces != 0 && reader.ReadUInt64() != replaces)
        {
            Counters.Forged++;
            _context.ReplyTo(asker, NeighbourMessage.Refuse, writer.Written);
            return;
        }

        if (_active.Find(asker.Id) < 0 && !CanTake(priority))
        {
            Refuse(asker, ref writer);
            return;
        }

        writer.WriteUInt64(_numbers.Make(asker, nonce, priority, replaces, Now));
        _context.ReplyTo(asker, NeighbourMessage.Accept, writer.Written);
    }

    private void OnAccept(in Peer from, ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        var number = reader.ReadUInt64();
        if (!TryFindRequest(from, nonce, reader.Failed || number == 0, out var request))
        {
            return;
        }

        MeasureRequest(request);
        var slot = _active.Find(from.Id);
        if (slot >= 0)
        {
            TakeDown(slot, keep: false);
        }

        if (Room == 0)
        {
            request.Hint = request.MakesRoom ? MakeRoom(default, isAsked: request.IsNamed) : default;
            if (request.Hint.Id.IsNone)
            {
                request.Clear();
                return;
            }
        }
        else if (Room > 1 && request.Priority != NeighbourPriority.Low)
        {
            // Whoever loses a neighbour for this may have this node as another.
            request.Hint = _context.Self;
        }

        (request.Link, request.Tries) = (number, 0);
        SendRequest(request);
    }

    private void OnRefuse(in Peer from, ref WireReader reader)
    {
        var nonce = reader.ReadUInt64();
        if (TryFindRequest(from, nonce, reader.Failed, out var request))
        {
            MeasureRequest(request);
            request.Clear();
            Counters.Refusals++;
            _refusals++;
            FollowHint(ref reader);
            Refill();
        }
    }

    private void OnConfirm(in Peer from, ref WireReader reader)
    {
        var number = reader.ReadUInt64();
        var nonce = reader.ReadUInt64();
        var priority = (NeighbourPriority)reader.ReadByte();
        var stamp = reader.ReadUInt32();
        if (!TryReadAsker(from, ref reader, priority, out var asker))
        {
            return;
        }

        var slot = _active.Find(asker.Id);
        if (slot >= 0 && _active[slot].Number == number)
        {
            SendHeartbeat(asker, NeighbourMessage.Pong, number, stamp);
            return;
        }

        var own = _requests.Find(asker.Id);
        if (own is { IsConfirming: true } && own.Link > number)
        {
            // Both confirm: the larger number is the link, on both sides.
            return;
        }

        if (!_numbers.Check(number, asker, nonce, priority, ReplacedBy(asker), Now) || !_numbers.TryUse(number))
        {
            Counters.Forged++;
            return;
        }

        own?.Clear();
        NeighbourMessage.TryReadHint(ref reader, out var hint);
        Admit(asker, number, priority, stamp, hint);
    }

    /// <summary>The asker's address is proven: it gets a slot, or a refusal.</summary>
    private void Admit(in Peer asker, ulong number, NeighbourPriority priority, uint stamp, in Peer hint)
    {
        var slot = _active.Find(asker.Id);
        if (slot >= 0)
        {
            TakeDown(slot, keep: false);
        }

        if (IsShunned(asker.Id) || (Room == 0 && (!CanTake(priority) || MakeRoom(hint, isAsked: true).Id.IsNone)))
        {
            SendDisconnect(asker, number, lives: true);
            return;
        }

        SendHeartbeat(asker, NeighbourMessage.Pong, number, stamp);
        BringUp(asker, number, NewEstimator());
        if (priority == NeighbourPriority.Join)
        {
            SendForwardJoins(asker);
        }
    }

    /// <summary>The other side has the link too.</summary>
    private void Establish(NeighbourRequest request)
    {
        var (peer, number) = (request.Peer, request.Link);
        var roundTrip = NewEstimator();
        if (request.Tries == 1)
        {
            roundTrip.Measured(Now - request.SentAt);
        }

        request.Clear();
        BringUp(peer, number, roundTrip);
    }

    private bool CanTake(NeighbourPriority priority)
    {
        return Room > 0 || (priority != NeighbourPriority.Low && MayDisplace());
    }

    /// <summary>
    /// At most as many neighbours go in a while as there are slots: a crowd of newcomers does not take them away faster
    /// than a node finds others.
    /// </summary>
    private bool MayDisplace()
    {
        if (Now >= _displacesUntil)
        {
            (_displacesUntil, _displaced) = (Now + _options.RefillPeriod, 0);
        }

        return _displaced < Capacity;
    }

    /// <summary>
    /// A random neighbour goes; where there is none, a link to be. If others ask for room, it is one of the young links
    /// as long as there are any: whoever asks under many ids displaces itself.
    /// </summary>
    /// <param name="hint">Whom the neighbour is told of.</param>
    /// <param name="isAsked">Whether others ask for it, and not this node of its own accord.</param>
    /// <returns>Who went; the default value if nobody did.</returns>
    private Peer MakeRoom(in Peer hint, bool isAsked)
    {
        if (!MayDisplace())
        {
            return default;
        }

        _displaced++;
        ref var random = ref _context.Random;
        var slot = isAsked ? _active.DrawYoung(ref random, Now + -(YoungPeriods * _options.RefillPeriod)) : -1;
        slot = slot >= 0 ? slot : _active.Draw(ref random, NodeId.None, NodeId.None);
        if (slot >= 0)
        {
            var (peer, number) = (_active[slot].Peer, _active[slot].Number);
            Counters.Displaced++;
            SendDisconnect(peer, number, lives: true, hint);
            TakeDown(slot, keep: true);
            return peer;
        }

        foreach (var request in _requests.All)
        {
            if (request.IsConfirming)
            {
                var peer = request.Peer;
                SendDisconnect(peer, request.Link, lives: true, hint);
                request.Clear();
                return peer;
            }
        }

        return default;
    }

    /// <summary>No room; but somebody else may have asked in vain lately, and the two can have each other.</summary>
    private void Refuse(in Peer asker, ref WireWriter writer)
    {
        if (_hungry.Id != asker.Id && Now < _hungryUntil)
        {
            NeighbourMessage.WriteHint(ref writer, _hungry);
        }

        (_hungry, _hungryUntil) = (asker, Now + HungryFor);
        _context.ReplyTo(asker, NeighbourMessage.Refuse, writer.Written);
    }

    /// <summary>Asks whom a message named, if there is room.</summary>
    private void FollowHint(ref WireReader reader)
    {
        if (Room > 0 && NeighbourMessage.TryReadHint(ref reader, out var hint)
            && hint.Id != _context.Self.Id && _active.Find(hint.Id) < 0)
        {
            TryAsk(hint, NeighbourPriority.Low, makesRoom: false, isNamed: true);
        }
    }

    private void MeasureRequest(NeighbourRequest request)
    {
        if (request.Tries == 1)
        {
            _roundTrip.Measured(Now - request.SentAt);
        }
    }

    private bool TryFindRequest(in Peer from, ulong nonce, bool malformed, out NeighbourRequest request)
    {
        var found = malformed ? null : _requests.Find(from.Id);
        request = found!;
        if (found is { IsConfirming: false } && found.Nonce == nonce)
        {
            return true;
        }

        Counters.Malformed += malformed ? 1 : 0;
        Counters.Unexpected += malformed ? 0 : 1;
        return false;
    }

    private bool TryReadAsker(in Peer from, ref WireReader reader, NeighbourPriority priority, out Peer asker)
    {
        var sound = NeighbourMessage.TryRead(ref reader, out asker) && !reader.Failed
            && asker.Id == from.Id && asker.Id != _context.Self.Id && priority <= NeighbourPriority.Join;
        Counters.Malformed += sound ? 0 : 1;
        return sound;
    }
}
