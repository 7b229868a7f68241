using System.Buffers.Binary;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security.Identity;

/// <content>What the envelope sends of its own accord: what waited, revocations, and extended tokens.</content>
internal sealed partial class IdentityEnvelope
{
    /// <summary>The type of a frame of the node with revocations. It is the only one of its packet.</summary>
    public const byte RevocationsFrame = 16;

    /// <summary>The type of a frame of the node that asks for an extended token. It has no body.</summary>
    public const byte RenewalRequest = 17;

    /// <summary>The type of a frame of the node with an extended token.</summary>
    public const byte Renewal = 18;

    /// <summary>How many revocations a packet holds.</summary>
    private const int PerPacket = 13;

    /// <summary>How many packets with revocations a session begins with, where the two ends know others.</summary>
    private const int PushPackets = 8;

    /// <summary>A node's own token is looked at this often.</summary>
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromMinutes(1);

    /// <summary>A session is renewed when it is this old: by the node of the lower id, by the other later.</summary>
    private static readonly TimeSpan RekeyAfter = TimeSpan.FromMinutes(10);

    /// <summary>News that goes to every session.</summary>
    private readonly List<Revocation> _news = [];

    private uint _flush;
    private bool _says;
    private uint _push;
    private int _pushed;
    private int _pushFrom;
    private int _told = int.MaxValue;
    private uint _toldBy;
    private uint _asks;
    private uint _extends;
    private Instant _renewalAt = new(long.MinValue);

    /// <inheritdoc/>
    public override bool TryTakeOwn(out Link to, out ReadOnlySpan<byte> packet)
    {
        var isWritten = _ownBytes > 0 || TryFlush() || TryPush() || TryTell() || TryAsk() || TryExtend();
        to = _ownTo;
        packet = _own.AsSpan(0, _ownBytes);
        _ownBytes = 0;
        return isWritten && !packet.IsEmpty;
    }

    /// <summary>What waited for a session goes out; if nothing did, and the other does not know of it, an empty packet.
    /// </summary>
    private void Flush(int place, bool says) => (_flush, _says) = (_sessions[place].Own, says);

    private bool TryFlush()
    {
        if (_flush == 0 || _sessions.Find(_flush, _inputAt) is not (>= 0 and var place))
        {
            return false;
        }

        var waiting = _waiting.Find(_flush, 0, _inputAt);
        if (waiting < 0)
        {
            _flush = 0;
            return _says && TryWrite(place, LinkTo(place), Frame.Padding, []);
        }

        _says = false;
        var sent = _waiting[waiting];
        EnsureOwn(HeadBytes + sent.Length);
        sent.Frames.CopyTo(_own.AsSpan(HeadBytes));
        var writer = new WireWriter(_own, HeadBytes + sent.Length);
        if (sent.To.Kind == LinkKind.Datagram)
        {
            Frame.Pad(ref writer, SessionFormat.LeastBytes);
        }

        _waiting.Remove(waiting);
        Close(writer.Written, place, NextNumber(ref _sessions[place], sent.To.Kind), _inputAt);
        (_ownTo, _ownBytes) = (sent.To, writer.Position);
        return true;
    }

    private void Push(uint own) =>
        (_push, _pushed, _pushFrom) = _security.Admission.Revocations.Count > 0
            ? (own, 0, _random.Below(_security.Admission.Revocations.Count)) : (0, 0, 0);

    /// <summary>The newest revocations, and some of the others where there are many.</summary>
    private bool TryPush()
    {
        var all = _security.Admission.Revocations;
        if (_push == 0 || _sessions.Find(_push, _inputAt) is not (>= 0 and var place)
            || _pushed >= Math.Min(PushPackets, (all.Count + PerPacket - 1) / PerPacket))
        {
            _push = 0;
            return false;
        }

        var isNewest = _pushed < PushPackets / 2;
        var start = isNewest ? all.Count - 1 - (_pushed * PerPacket) : _pushFrom + (_pushed * PerPacket);
        _pushed++;
        Span<byte> body = stackalloc byte[PerPacket * Revocation.SizeBytes];
        var count = Math.Min(PerPacket, all.Count);
        for (var i = 0; i < count; i++)
        {
            var at = isNewest ? start - i : start + i;
            all[((at % all.Count) + all.Count) % all.Count].Bytes.CopyTo(body[(i * Revocation.SizeBytes)..]);
        }

        return TryWrite(place, LinkTo(place), RevocationsFrame, body[..(count * Revocation.SizeBytes)]);
    }

    /// <summary>News goes at once to everyone there is a session with.</summary>
    private bool TryTell()
    {
        for (; _told < _sessions.Places; _told++)
        {
            ref readonly var session = ref _sessions[_told];
            if (session is { Peer: not null, IsConfirmed: true } && session.Own != _toldBy
                && _sessions.FindPeer(session.Peer.Id, _inputAt) == _told)
            {
                Span<byte> body = stackalloc byte[PerPacket * Revocation.SizeBytes];
                for (var i = 0; i < _news.Count; i++)
                {
                    _news[i].Bytes.CopyTo(body[(i * Revocation.SizeBytes)..]);
                }

                var place = _told++;
                return TryWrite(place, LinkTo(place), RevocationsFrame, body[..(_news.Count * Revocation.SizeBytes)]);
            }
        }

        return false;
    }

    private bool TryAsk()
    {
        var (own, isAsked) = (_asks, _asks != 0);
        _asks = 0;
        return isAsked && _sessions.Find(own, _inputAt) is >= 0 and var place
            && TryWrite(place, LinkTo(place), RenewalRequest, []);
    }

    private bool TryExtend()
    {
        var (own, isAsked) = (_extends, _extends != 0);
        _extends = 0;
        return isAsked && _sessions.Find(own, _inputAt) is >= 0 and var place
            && ExtendTokenOf(_sessions[place].Peer!) is { } token
            && TryWrite(place, LinkTo(place), Renewal, token);
    }

    /// <summary>A renewer extends what has not been revoked, for a day at most and never admits.</summary>
    private byte[]? ExtendTokenOf(Member member)
    {
        var seconds = _security.Wall(_inputAt);
        if (!AdmissionToken.TryRead(_security.Token, out var own) || !own.IsRenewer
            || !AdmissionToken.TryRead(member.Token, out var token) || !_security.Admission.IsAdmitted(member, seconds))
        {
            return null;
        }

        var end = Math.Min(
            _security.Admission.TimeAt(seconds) + (long)Admission.LongestExtension.TotalSeconds,
            Math.Min(own.PlainEnd, token.Issued + (long)AdmissionToken.LongestValidity.TotalSeconds));
        return end > token.End
            ? AdmissionToken.Extend(_security.Identities, token, end, _security.Keys, own.Plain) : null;
    }

    private Link LinkTo(int place) => _sessions[place].Link;

    private bool TryWrite(int place, in Link to, byte type, scoped ReadOnlySpan<byte> body)
    {
        if (IsUsedUp(_sessions[place]))
        {
            return false;
        }

        var writer = new WireWriter(_own.AsSpan(0, MaximumDatagramBytes));
        writer.WriteZeros(HeadBytes);
        var start = Frame.Begin(ref writer, Frame.Node, type);
        writer.WriteBytes(body);
        Frame.End(ref writer, start);
        Frame.Pad(ref writer, SessionFormat.LeastBytes);
        Close(writer.Written, place, NextNumber(ref _sessions[place], to.Kind), _inputAt);
        (_ownTo, _ownBytes) = (to, writer.Position);
        return true;
    }

    /// <summary>Whether a packet was for the envelope itself.</summary>
    private bool TryTakeFrames(ReadOnlySpan<byte> frames, int place, Instant now)
    {
        if (frames.Length < Frame.HeaderBytes || frames[0] != Frame.Node
            || frames[1] is not (RevocationsFrame or RenewalRequest or Renewal))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(frames[2..]);
        if (frames.Length - Frame.HeaderBytes < length)
        {
            return true;
        }

        var body = frames.Slice(Frame.HeaderBytes, length);
        switch (frames[1])
        {
            case RevocationsFrame:
                TakeRevocations(body, place, now);
                break;
            case RenewalRequest:
                _extends = _security.IsRenewer ? _sessions[place].Own : 0;
                break;
            default:
                _security.TryRenew(body, _security.Wall(now));
                break;
        }

        return true;
    }

    /// <summary>
    /// Takes revocations in, ends the sessions of who was revoked, and tells everyone. Who sends one with a bad
    /// signature loses the session.
    /// </summary>
    private void TakeRevocations(ReadOnlySpan<byte> body, int place, Instant now)
    {
        _news.Clear();
        var (admission, seconds, own) = (_security.Admission, _security.Wall(now), _sessions[place].Own);
        for (var i = 0; i < PerPacket && body.Length >= Revocation.SizeBytes; i++)
        {
            var bytes = body[..Revocation.SizeBytes];
            body = body[Revocation.SizeBytes..];
            if (admission.Knows(bytes))
            {
                continue;
            }

            if (!admission.TryRevoke(bytes, seconds, out var revocation))
            {
                _sessions.Remove(place);
                break;
            }

            if (revocation is not null)
            {
                _news.Add(revocation);
            }
        }

        foreach (var revocation in _news)
        {
            EndRevoked(revocation.Id, seconds);
        }

        (_told, _toldBy) = _news.Count > 0 ? (0, own) : (int.MaxValue, 0U);
        if (_news.Count > 0)
        {
            _security.Revoked?.Invoke();
        }
    }

    /// <summary>A revocation ends the sessions of its node, and of those whose tokens that node has extended.</summary>
    private void EndRevoked(NodeId id, long seconds)
    {
        for (var place = 0; place < _sessions.Places; place++)
        {
            if (_sessions[place].Peer is { } peer && (peer.Id == id || peer.Renewer == id)
                && !_security.Admission.IsAdmitted(peer, seconds))
            {
                _sessions.Remove(place);
            }
        }
    }

    /// <summary>After a packet of the application: a session that is old begins anew, and a token that ends soon is to
    /// be extended.</summary>
    private void AfterPacket(int place, in Link from, Instant now)
    {
        ref readonly var session = ref _sessions[place];
        var peer = session.Peer!;
        if (IsNamesake(peer.Id))
        {
            return;
        }

        var after = _security.Keys.Id < peer.Id ? RekeyAfter : RekeyAfter * 1.2;
        if (now - session.BegunAt > after && from.Kind == LinkKind.Datagram && _ownBytes == 0
            && _sessions.FindPeer(peer.Id, now) == place && _pending.FindPeer(peer.Id, now) is null)
        {
            var pending = _pending.Begin(_sessions.NewNumber(), peer.Id, from, now);
            pending.SentAt = now;
            SendFirst(pending, peer.Key, cookie: [], from);
        }

        if (peer.IsRenewer && now >= _renewalAt)
        {
            _renewalAt = now + BetweenRenewals;
            _asks = EndsSoon(_security.Wall(now)) ? session.Own : 0;
        }
    }

    private bool EndsSoon(long seconds)
    {
        if (!AdmissionToken.TryRead(_security.Token, out var token))
        {
            return false;
        }

        var half = Math.Min((token.PlainEnd - token.Issued) / 2, (long)Admission.LongestExtension.TotalSeconds / 2);
        return token.End - _security.Admission.TimeAt(seconds) <= half;
    }
}
