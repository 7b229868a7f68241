using System.Buffers.Binary;

namespace Hearsay.Protocols.Security.Identity;

/// <content>The two messages of a handshake.</content>
internal sealed partial class IdentityEnvelope
{
    /// <summary>So many messages 1 in a second are read without a cookie.</summary>
    internal const int WithoutCookie = 64;

    /// <summary>So many messages 1 in a second are read at all.</summary>
    internal const int WithCookie = 512;

    private const int FirstHeadBytes = sizeof(uint) + NodeId.SizeBytes + Cookies.SizeBytes;
    private const int FirstBytes = SessionFormat.HandshakeBytes - SessionFormat.BodyOffset - FirstHeadBytes;
    private const int SecondHeadBytes = 2 * sizeof(uint);
    private const int SecondBytes = SessionFormat.HandshakeBytes - SessionFormat.BodyOffset - SecondHeadBytes;
    private const int FirstPayloadBytes = FirstBytes - NoiseHandshake.FirstOverheadBytes;
    private const int SecondPayloadBytes = SecondBytes - NoiseHandshake.SecondOverheadBytes;

    private long _second = long.MinValue;
    private int _readInSecond;

    private static ReadOnlySpan<byte> Purpose => "hearsay identity 2"u8;

    /// <summary>Writes message 1.</summary>
    private ReadOnlySpan<byte> WriteFirst(
        PendingHandshake pending, ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> cookie)
    {
        var packet = _own.AsSpan(0, SessionFormat.HandshakeBytes);
        packet.Clear();
        var body = packet[SessionFormat.BodyOffset..];
        BinaryPrimitives.WriteUInt32BigEndian(body, pending.Own);
        _security.Keys.Id.Write(body[sizeof(uint)..]);
        cookie.CopyTo(body[(sizeof(uint) + NodeId.SizeBytes)..]);
        Span<byte> ephemeral = stackalloc byte[IdentityCipher.KeyBytes];
        Span<byte> prologue = stackalloc byte[PrologueBytes];
        Span<byte> payload = stackalloc byte[FirstPayloadBytes];
        _security.Cipher.Fill(ephemeral);
        WritePrologue(prologue, _security.Keys.Id, pending.Peer);
        WritePayload(payload);
        pending.Noise = NoiseHandshake.Initiate(_security.Identities, _security.Keys, key, prologue, ephemeral);
        pending.Noise.Shared = SharedWith(pending.Peer, key);
        if (!pending.Noise.TryWriteFirst(payload, body[FirstHeadBytes..]))
        {
            PendingHandshakes.End(pending);
            return default;
        }

        SessionFormat.SealGreeting(_security, _label, packet, GreetingType.First);
        return packet;
    }

    private void SendFirst(
        PendingHandshake pending, ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> cookie, in Link to)
    {
        pending.To = to;
        _ownTo = to;
        _ownBytes = WriteFirst(pending, key, cookie).Length;
    }

    /// <summary>Somebody wants a session.</summary>
    private DropReason OnFirst(ReadOnlySpan<byte> body, in Link from)
    {
        if (body.Length != FirstHeadBytes + FirstBytes)
        {
            return DropReason.Malformed;
        }

        var others = BinaryPrimitives.ReadUInt32BigEndian(body);
        var sender = NodeId.Read(body[sizeof(uint)..]);
        var cookie = body.Slice(sizeof(uint) + NodeId.SizeBytes, Cookies.SizeBytes);
        if (others == 0)
        {
            return DropReason.Malformed;
        }

        if (IsNamesake(sender) && _pending.HasSent(body[FirstHeadBytes..], _inputAt))
        {
            // It came back: who reflects it has no key.
            return DropReason.OwnId;
        }

        var number = from.Kind == LinkKind.Stream ? RecordFormat.StreamBit : 0;
        var hasCookie = _cookies.IsTaken(cookie, from.Address, sender, CookiePurpose, number | 1, _inputAt);
        if (!MayRead(hasCookie) || (!hasCookie && IsCookieWanted(sender)))
        {
            return hasCookie ? DropReason.Throttled : Welcome(others, sender, from);
        }

        var message = body[FirstHeadBytes..];
        var refused = TryReadFirst(message, sender, out var noise, out var member, out var differs);
        if (refused != DropReason.None)
        {
            return refused;
        }

        if (_sessions.UnconfirmedOf(sender, _inputAt) >= Sessions.MostUnconfirmedOfPeer)
        {
            return DropReason.NoRoom;
        }

        return Respond(noise!, member!, others, BinaryPrimitives.ReadUInt64BigEndian(message), differs, from)
            ? DropReason.None : DropReason.NoRoom;
    }

    /// <summary>Whether one more message 1 is read in this second.</summary>
    private bool MayRead(bool hasCookie)
    {
        var second = _inputAt.Ticks / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            (_second, _readInSecond) = (second, 0);
        }

        var may = _readInSecond < (hasCookie ? WithCookie : WithoutCookie);
        _readInSecond += may ? 1 : 0;
        return may;
    }

    /// <summary>
    /// Half of the places for unconfirmed sessions, and all but the first of one node, are for who returns a cookie: so
    /// messages 1 that somebody repeats from other addresses keep nobody out.
    /// </summary>
    private bool IsCookieWanted(NodeId sender) =>
        _sessions.Unconfirmed(_inputAt) >= Sessions.MostUnconfirmed / 2
        || _sessions.UnconfirmedOf(sender, _inputAt) > 0;

    private DropReason TryReadFirst(
        ReadOnlySpan<byte> message, NodeId sender, out NoiseHandshake? noise, out Member? member, out bool differs)
    {
        (noise, member, differs) = (null, null, false);
        if (_sessions.HasBegun(sender, BinaryPrimitives.ReadUInt64BigEndian(message)))
        {
            return DropReason.Replayed;
        }

        Span<byte> ephemeral = stackalloc byte[IdentityCipher.KeyBytes];
        Span<byte> prologue = stackalloc byte[PrologueBytes];
        Span<byte> payload = stackalloc byte[FirstPayloadBytes];
        _security.Cipher.Fill(ephemeral);
        WritePrologue(prologue, sender, _security.Keys.Id);
        var read = NoiseHandshake.Respond(_security.Identities, _security.Keys, prologue, ephemeral);
        if (!read.TryReadStatic(message) || NodeKeys.IdOf(read.Remote) != sender)
        {
            return DropReason.NotAuthentic;
        }

        read.Shared = SharedWith(sender, read.Remote);
        if (!read.TryReadFirst(message, payload))
        {
            return DropReason.NotAuthentic;
        }

        noise = read;
        member = ReadPayload(payload, sender, read.Remote, out differs);
        member?.Shared ??= read.Shared;
        return member is null ? DropReason.NotAdmitted : DropReason.None;
    }

    /// <summary>What this node's static key has in common with that of a member, if it is known already.</summary>
    private byte[]? SharedWith(NodeId id, ReadOnlySpan<byte> key) =>
        _known.Find(id) is { } member && member.Key.SequenceEqual(key) ? member.Shared : null;

    private bool Respond(
        NoiseHandshake noise, Member member, uint others, ulong ephemeral, bool differs, in Link from)
    {
        var place = _sessions.Open(member, (_sessions.NewNumber(), others), from, isConfirmed: false, _inputAt);
        if (place < 0)
        {
            return false;
        }

        ref var session = ref _sessions[place];
        (session.Ephemeral, session.DiffersInRevocations) = (ephemeral, differs);
        var packet = _own.AsSpan(0, SessionFormat.HandshakeBytes);
        var body = packet[SessionFormat.BodyOffset..];
        BinaryPrimitives.WriteUInt32BigEndian(body, others);
        BinaryPrimitives.WriteUInt32BigEndian(body[sizeof(uint)..], session.Own);
        Span<byte> payload = stackalloc byte[SecondPayloadBytes];
        WritePayload(payload);
        if (!noise.TryWriteSecond(payload, body[SecondHeadBytes..]))
        {
            _sessions.Remove(place);
            return false;
        }

        noise.Split(_sessions.SendKey(place), _sessions.ReceiveKey(place));
        SendGreeting(packet, GreetingType.Second, from);
        return true;
    }

    /// <summary>The answer to this node's message 1: the session is there.</summary>
    private DropReason OnSecond(ReadOnlySpan<byte> body, in Link from)
    {
        if (body.Length != SecondHeadBytes + SecondBytes)
        {
            return DropReason.Malformed;
        }

        var own = BinaryPrimitives.ReadUInt32BigEndian(body);
        var others = BinaryPrimitives.ReadUInt32BigEndian(body[sizeof(uint)..]);
        if (_pending.FindOwn(own, _inputAt) is not { Noise: { } noise } pending || others == 0)
        {
            return DropReason.Unsolicited;
        }

        Span<byte> payload = stackalloc byte[SecondPayloadBytes];
        if (!noise.TryReadSecond(body[SecondHeadBytes..], payload))
        {
            // Whoever sent it did not hear message 1; the state is spoilt, so the next one is new.
            pending.Noise = null;
            return DropReason.NotAuthentic;
        }

        var (peer, to) = (pending.Peer, pending.To);
        PendingHandshakes.End(pending);
        if (ReadPayload(payload, peer, noise.Remote, out var differs) is not { } member)
        {
            return DropReason.NotAdmitted;
        }

        member.Shared ??= noise.Shared;

        // A link that this node has opened leads to where the other listens.
        var link = new Link(to.Address, from.Kind, from.Connection);
        var place = _sessions.Open(member, (own, others), link, isConfirmed: true, _inputAt);
        if (place < 0)
        {
            return DropReason.NoRoom;
        }

        noise.Split(_sessions.SendKey(place), _sessions.ReceiveKey(place));
        _sessions[place].DiffersInRevocations = differs;
        _proven = from.Kind == LinkKind.Datagram ? from.Address : default;
        OnSession(place);
        Flush(place, says: true);
        return DropReason.None;
    }

    /// <summary>The other end has sent its first packet of a session that it began.</summary>
    private void Confirm(int place, Instant now)
    {
        _sessions.Confirm(place);
        OnSession(place);
        var peer = _sessions[place].Peer!.Id;
        if (!IsNamesake(peer) && _pending.FindPeer(peer, now) is { } pending)
        {
            // What waited for this node's own handshake need not wait for it.
            _waiting.Move(pending.Own, _sessions[place].Own);
        }

        Flush(place, says: false);
    }

    private void OnSession(int place)
    {
        ref var session = ref _sessions[place];
        Handshakes++;
        _security.Informed++;
        _known.Met(session.Peer!, session.Address, _inputAt);
        if (session.DiffersInRevocations)
        {
            session.DiffersInRevocations = false;
            Push(session.Own);
        }
    }

    private const int PrologueBytes = 18 + sizeof(ulong) + (2 * NodeId.SizeBytes);

    private void WritePrologue(Span<byte> prologue, NodeId initiator, NodeId responder)
    {
        Purpose.CopyTo(prologue);
        BinaryPrimitives.WriteUInt64BigEndian(prologue[Purpose.Length..], _label);
        initiator.Write(prologue[(Purpose.Length + sizeof(ulong))..]);
        responder.Write(prologue[(Purpose.Length + sizeof(ulong) + NodeId.SizeBytes)..]);
    }

    /// <summary>Both messages carry the token after its length, a digest of the revocations, and zeros.</summary>
    private void WritePayload(Span<byte> payload)
    {
        payload.Clear();
        var token = _security.Token;
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)token.Length);
        token.CopyTo(payload[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt64BigEndian(
            payload[(sizeof(ushort) + token.Length)..], _security.Admission.Revocations.Digest);
    }

    /// <summary>The member that a payload proves; null if it proves none.</summary>
    private Member? ReadPayload(ReadOnlySpan<byte> payload, NodeId id, ReadOnlySpan<byte> key, out bool differs)
    {
        differs = false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (length > AdmissionToken.LongestBytes || sizeof(ushort) + length + sizeof(ulong) > payload.Length)
        {
            return null;
        }

        var digest = BinaryPrimitives.ReadUInt64BigEndian(payload[(sizeof(ushort) + length)..]);
        differs = digest != _security.Admission.Revocations.Digest;
        var member = _security.Admission.Verify(
            payload.Slice(sizeof(ushort), length), _known.Find(id), _security.Wall(_inputAt));

        // A token of somebody else proves nothing of who shows it.
        return member is not null && member.Id == id && member.Key.SequenceEqual(key) ? member : null;
    }
}
