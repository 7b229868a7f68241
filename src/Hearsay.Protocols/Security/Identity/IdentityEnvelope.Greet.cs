using System.Buffers.Binary;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security.Identity;

/// <content>What goes before a handshake: who lives at an address, and what is its key.</content>
internal sealed partial class IdentityEnvelope
{
    /// <summary>Where a packet of a session has the numbers that are returned if it is not known.</summary>
    private const int SessionNumbersOffset = 4;

    private const int LostBodyBytes = 2 * sizeof(uint);
    private const int WelcomeBytes =
        SessionFormat.BodyOffset + sizeof(ulong) + IdentityCipher.KeyBytes + Cookies.SizeBytes;

    /// <summary>What cookies are bound to in place of the boot of a record.</summary>
    private static readonly UInt128 CookiePurpose = 1;

    private readonly byte[] _greeting = new byte[SessionFormat.HandshakeBytes];

    private Link _ownTo;
    private int _ownBytes;
    private Instant _inputAt;

    /// <summary>Keeps a packet for a node that is not met yet, and begins to meet it.</summary>
    /// <returns>What goes out in place of the packet; empty if the handshake is under way.</returns>
    private ReadOnlySpan<byte> Greet(NodeId receiver, in Link to, ReadOnlySpan<byte> frames, Instant now)
    {
        var pending = _pending.Find(receiver, to.Address, now)
            ?? _pending.Begin(_sessions.NewNumber(), receiver, to, now);
        _isHolding = _waiting.TryAdd(pending.Own, 0, to, frames, now);
        if (pending.SentAt + PendingHandshakes.RetryAfter > now)
        {
            return default;
        }

        pending.SentAt = now;
        pending.To = to;
        if (!receiver.IsNone && _known.FindAt(receiver, to.Address, Warm, now) is { } known)
        {
            return WriteFirst(pending, known.Key, cookie: []);
        }

        pending.Noise = null;
        pending.Nonce = NewNonce();
        var hello = _own.AsSpan(0, SessionFormat.HelloBytes);
        hello.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(hello[SessionFormat.BodyOffset..], pending.Nonce);
        _security.Keys.Id.Write(hello[(SessionFormat.BodyOffset + sizeof(ulong))..]);
        SessionFormat.SealGreeting(_security, _label, hello, GreetingType.Hello);
        return hello;
    }

    private ulong NewNonce()
    {
        var nonce = 0UL;
        while (nonce <= uint.MaxValue)
        {
            // Numbers of 32 bits are those of sessions: a demand for a cookie carries one.
            nonce = _random.NextUInt64();
        }

        return nonce;
    }

    /// <summary>A packet that goes before a session.</summary>
    private bool TryGreeting(ReadOnlySpan<byte> packet, in Link from, out OpenedPacket opened, out DropReason refused)
    {
        opened = default;
        var length = packet.Length > SessionFormat.HandshakeBytes
            ? 0 : SessionFormat.OpenGreeting(_security, _label, packet, _greeting);
        if (length == 0)
        {
            refused = DropReason.NotAuthentic;
            return false;
        }

        var body = _greeting.AsSpan(1, length - 1);
        if ((GreetingType)_greeting[0] == GreetingType.Hello)
        {
            return TryHello(body, from, out opened, out refused);
        }

        refused = (GreetingType)_greeting[0] switch
        {
            GreetingType.Welcome => OnWelcome(body, from),
            GreetingType.First => OnFirst(body, from),
            GreetingType.Second => OnSecond(body, from),
            GreetingType.Lost => OnLost(body, from),
            _ => DropReason.UnknownType,
        };
        return false;
    }

    /// <summary>
    /// Somebody asks who lives here. If it is this node itself, a seed is this node. Somebody else under its id is
    /// answered like anybody: whether it has the key, the handshake shows.
    /// </summary>
    private bool TryHello(ReadOnlySpan<byte> body, in Link from, out OpenedPacket opened, out DropReason refused)
    {
        opened = default;
        refused = DropReason.Malformed;
        if (body.Length < SessionFormat.HelloBytes - SessionFormat.BodyOffset)
        {
            return false;
        }

        var nonce = BinaryPrimitives.ReadUInt64BigEndian(body);
        var sender = NodeId.Read(body[sizeof(ulong)..]);
        if (sender == _security.Keys.Id && nonce > uint.MaxValue && _pending.FindNonce(nonce, _inputAt) is { } own)
        {
            return TryTakeBack(own, out opened, out refused);
        }

        refused = Welcome(nonce, sender, from);
        return false;
    }

    /// <summary>What this node asked of a seed that is itself.</summary>
    private bool TryTakeBack(PendingHandshake pending, out OpenedPacket opened, out DropReason refused)
    {
        opened = default;
        refused = DropReason.OwnId;
        var place = _waiting.Find(pending.Own, 0, _inputAt);
        PendingHandshakes.End(pending);
        if (place < 0)
        {
            return false;
        }

        var frames = _waiting[place].Frames;
        frames.CopyTo(RoomFor(frames.Length));
        var length = frames.Length;
        _waiting.Remove(place);
        opened = new OpenedPacket(_security.Keys.Id, _opened.AsSpan(0, length), isForAnyone: true, isOwn: true);
        refused = DropReason.None;
        return true;
    }

    private DropReason Welcome(ulong nonce, NodeId sender, in Link from)
    {
        if (!_pace.TryTake(from.Address, _inputAt))
        {
            return DropReason.Throttled;
        }

        var welcome = _own.AsSpan(0, WelcomeBytes);
        var body = welcome[SessionFormat.BodyOffset..];
        BinaryPrimitives.WriteUInt64BigEndian(body, nonce);
        _security.Keys.Public.CopyTo(body[sizeof(ulong)..]);
        var number = from.Kind == LinkKind.Stream ? RecordFormat.StreamBit : 0;
        _cookies.Write(
            from.Address, sender, CookiePurpose, number, _inputAt,
            body.Slice(sizeof(ulong) + IdentityCipher.KeyBytes, Cookies.SizeBytes));
        SendGreeting(welcome, GreetingType.Welcome, from);
        Challenges++;
        return DropReason.Challenged;
    }

    /// <summary>Who lives at an address: a handshake begins if it is the one who was meant.</summary>
    private DropReason OnWelcome(ReadOnlySpan<byte> body, in Link from)
    {
        if (body.Length != WelcomeBytes - SessionFormat.BodyOffset)
        {
            return DropReason.Malformed;
        }

        var nonce = BinaryPrimitives.ReadUInt64BigEndian(body);
        var pending = nonce > uint.MaxValue
            ? _pending.FindNonce(nonce, _inputAt) : _pending.FindOwn((uint)nonce, _inputAt);
        if (pending is null || pending.To.Address != from.Address)
        {
            return DropReason.Unsolicited;
        }

        var key = body.Slice(sizeof(ulong), IdentityCipher.KeyBytes);
        var id = NodeKeys.IdOf(key);
        _proven = from.Kind == LinkKind.Datagram ? from.Address : default;
        if (!pending.Peer.IsNone && pending.Peer != id)
        {
            _residents[_nextResident] = (from.Address, id, _inputAt);
            _nextResident = (_nextResident + 1) % _residents.Length;
            PendingHandshakes.End(pending);
            return DropReason.None;
        }

        if (pending.Peer.IsNone && _sessions.FindPeerAt(id, from.Address, _inputAt) is >= 0 and var place)
        {
            _waiting.Move(pending.Own, _sessions[place].Own);
            Flush(place, says: true);
            PendingHandshakes.End(pending);
            return DropReason.None;
        }

        (pending.Peer, pending.SentAt, pending.Nonce) = (id, _inputAt, 0);
        ChallengesAnswered++;
        SendFirst(pending, key, body[(sizeof(ulong) + IdentityCipher.KeyBytes)..], from);
        return DropReason.None;
    }

    /// <summary>The other end does not know a session any more: this node begins a new one, and ends nothing.</summary>
    private DropReason OnLost(ReadOnlySpan<byte> body, in Link from)
    {
        if (body.Length < LostBodyBytes)
        {
            return DropReason.Malformed;
        }

        var number = BinaryPrimitives.ReadUInt32BigEndian(body[sizeof(uint)..]);
        var place = FindLost(BinaryPrimitives.ReadUInt32BigEndian(body), number, from);
        if (place < 0)
        {
            return DropReason.Unsolicited;
        }

        ref var session = ref _sessions[place];
        var peer = session.Peer!;
        _proven = from.Kind == LinkKind.Datagram ? from.Address : default;
        var pending = _pending.FindPeer(peer.Id, _inputAt);
        var isBegun = pending is not null && pending.SentAt + PendingHandshakes.RetryAfter > _inputAt;
        pending ??= _pending.Begin(_sessions.NewNumber(), peer.Id, from, _inputAt);
        if (_waiting.Find(session.Own, number, _inputAt) is >= 0 and var sent)
        {
            _waiting.Recall(sent, pending.Own);
        }

        if (!isBegun)
        {
            pending.SentAt = _inputAt;
            SendFirst(pending, peer.Key, cookie: [], from);
        }

        return DropReason.None;
    }

    /// <summary>The session whose packet of a moment ago somebody says that it does not know.</summary>
    private int FindLost(uint others, uint number, in Link from)
    {
        for (var place = 0; place < _sessions.Places; place++)
        {
            ref readonly var session = ref _sessions[place];
            var sent = (number & RecordFormat.StreamBit) != 0
                ? session.SentOnStreams | RecordFormat.StreamBit : session.SentDatagrams;
            if (session.Peer is not null && session.Others == others && session.IsConfirmed
                && sent - number < LateNumbers && _inputAt - session.SentAt <= WaitingPackets.Lifetime
                && (from.Kind == LinkKind.Stream || session.Address == from.Address))
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>How many packets may have gone out since the one that was lost.</summary>
    private const uint LateNumbers = 256;

    private void SendGreeting(Span<byte> packet, GreetingType type, in Link to)
    {
        SessionFormat.SealGreeting(_security, _label, packet, type);
        (_ownTo, _ownBytes) = (to, packet.Length);
    }
}
