using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security.Identity;

/// <content>Opening what comes.</content>
internal sealed partial class IdentityEnvelope
{
    /// <summary>A datagram that comes so much later than its sender's clock says is refused.</summary>
    private static readonly TimeSpan LateDatagram = TimeSpan.FromSeconds(10);

    /// <summary>The same on streams, where packets wait for those before them.</summary>
    private static readonly TimeSpan LateOnStream = TimeSpan.FromSeconds(60);

    /// <summary>How often it is checked whether the other end of a session is still admitted.</summary>
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override bool TryOpen(
        ReadOnlySpan<byte> packet,
        in Link from,
        NodeId self,
        Instant now,
        out OpenedPacket opened,
        out DropReason refused)
    {
        opened = default;
        BeginInput(now);
        if ((refused = SessionFormat.Check(packet, from.Kind)) != DropReason.None)
        {
            return false;
        }

        if (SessionFormat.IsGreeting(packet))
        {
            return TryGreeting(packet, from, out opened, out refused);
        }

        var number = SessionFormat.NumberOf(packet);
        var place = _sessions.Find(SessionFormat.SessionOf(packet), now);
        if (place < 0)
        {
            refused = SayLost(packet, from, now);
            return false;
        }

        if ((number & RecordFormat.StreamBit) != 0 != (from.Kind == LinkKind.Stream) || !_sessions.IsNew(place, number))
        {
            refused = DropReason.Replayed;
            return false;
        }

        var closed = packet[HeadBytes..];
        if (!_security.Cipher.TryOpen(
            _sessions.ReceiveKey(place), number, packet[..SessionFormat.TagOffset], closed,
            packet.Slice(SessionFormat.TagOffset, RecordCipher.TagBytes), RoomFor(closed.Length)))
        {
            refused = DropReason.NotAuthentic;
            return false;
        }

        refused = Take(packet, place, from, now);
        if (refused != DropReason.None)
        {
            return false;
        }

        var peer = _sessions[place].Peer!;
        var frames = (ReadOnlySpan<byte>)_opened.AsSpan(0, closed.Length);
        if (TryTakeFrames(frames, place, now))
        {
            return false;
        }

        (_openedBytes, _openedFrom) = (closed.Length, peer.Id);
        (_openedOver, _openedLink) = (_sessions[place].Own, from);
        opened = new OpenedPacket(peer.Id, frames);
        AfterPacket(place, from, now);
        return true;
    }

    private void BeginInput(Instant now)
    {
        (_proven, _openedFrom, _inputAt) = (default, default, now);
        (_ownBytes, _flush, _openedOver, _openedLink) = (0, 0, 0, default);
    }

    /// <summary>What an authentic packet changes of its session, unless it is late or its sender is not admitted any
    /// more.</summary>
    private DropReason Take(ReadOnlySpan<byte> packet, int place, in Link from, Instant now)
    {
        ref var session = ref _sessions[place];
        var clock = SessionFormat.ClockOf(packet);
        if (!session.HasClock)
        {
            (session.HasClock, session.Offset) = (true, (ushort)(ClockOf(now) - clock));
        }
        else if (IsLate(session, clock, from.Kind, now))
        {
            // A clock that runs slow gets there, too: the other begins a session anew.
            var refused = SayLost(packet, from, now);
            return refused == DropReason.Challenged ? DropReason.Challenged : DropReason.Replayed;
        }

        if (now - session.CheckedAt >= BetweenChecks)
        {
            session.CheckedAt = now;
            if (!_security.Admission.IsAdmitted(session.Peer!, _security.Wall(now)))
            {
                _sessions.Remove(place);
                return DropReason.NotAdmitted;
            }
        }

        _sessions.Mark(place, SessionFormat.NumberOf(packet), now);
        session.Link = from;
        if (from.Kind == LinkKind.Datagram)
        {
            _proven = session.IsConfirmed || session.Address != from.Address ? default : from.Address;
            session.Address = from.Address;
        }

        if (!session.IsConfirmed)
        {
            Confirm(place, now);
        }

        return DropReason.None;
    }

    private static bool IsLate(in Session session, ushort clock, LinkKind kind, Instant now)
    {
        var late = (short)(ushort)(ClockOf(now) - session.Offset - clock);
        var most = kind == LinkKind.Datagram ? LateDatagram : LateOnStream;
        return late > 8 * most.TotalSeconds;
    }

    /// <summary>Answers a packet of a session that is not known, so that its sender begins a new one.</summary>
    private DropReason SayLost(ReadOnlySpan<byte> packet, in Link from, Instant now)
    {
        if (packet.Length < SessionFormat.LeastBytes || !_pace.TryTake(from.Address, now))
        {
            return DropReason.Throttled;
        }

        var own = _own.AsSpan(0, SessionFormat.LeastBytes);
        own.Clear();
        packet.Slice(SessionNumbersOffset, LostBodyBytes).CopyTo(own[SessionFormat.BodyOffset..]);
        SendGreeting(own, GreetingType.Lost, from);
        Challenges++;
        return DropReason.Challenged;
    }
}
