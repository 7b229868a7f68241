using System.Buffers.Binary;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security;

/// <content>The first contact: challenges, and what is sent again because of one.</content>
internal sealed partial class RecordEnvelope
{
    /// <summary>The type of a frame of the node with a cookie, which its receiver sends back.</summary>
    public const byte RecordChallenge = 5;

    /// <summary>The type of a frame of the node with a cookie that comes back. It is the first of its packet.</summary>
    public const byte RecordCookie = 6;

    private const int CookieFrameBytes = Frame.HeaderBytes + Cookies.SizeBytes;

    private Link _ownTo;
    private int _ownBytes;

    /// <summary>What goes out after a cookie that had to go alone; -1 for nothing.</summary>
    private (int Place, NodeId Receiver, NodeId Self, UInt128 Boot, uint Number) _after = (-1, default, default, 0, 0);
    private RecordKey? _afterKey;
    private Instant _afterAt;

    /// <inheritdoc/>
    public override bool TryTakeOwn(out Link to, out ReadOnlySpan<byte> packet)
    {
        if (_ownBytes == 0 && _after.Place >= 0)
        {
            WriteAfter();
        }

        to = _ownTo;
        packet = _own.AsSpan(0, _ownBytes);
        _ownBytes = 0;
        return !packet.IsEmpty;
    }

    /// <summary>Asks the sender of a record to prove that it is there now. Nothing is kept of it.</summary>
    private DropReason Challenge(in Record record, in Link from, NodeId self, int place, Instant now)
    {
        if (!_pace.TryTake(from.Address, now))
        {
            return DropReason.Throttled;
        }

        if (place >= 0)
        {
            _others[place].KeptUntil = now + Cookies.Lifetime;
        }

        Span<byte> cookie = stackalloc byte[Cookies.SizeBytes];
        _cookies.Write(from.Address, record.Sender, record.Boot, record.Number, now, cookie);
        var writer = new WireWriter(_own);
        writer.WriteZeros(HeadBytes);
        WriteCookie(ref writer, RecordChallenge, cookie);
        (_ownTo, _ownBytes) = (from, writer.Position);
        var number = _boots.Next(from.Kind, now);
        Close(writer.Written, number, record.Sender, self, (record.Boot, record.Number), record.Key, now);
        Challenges++;
        return DropReason.Challenged;
    }

    /// <summary>
    /// A node does not know this one yet, or no more: what was sent to it goes out once more with the cookie, to where
    /// it went before. A fresh echo proves the challenge; no window is needed for that.
    /// </summary>
    private void OnChallenge(
        in Record record, ReadOnlySpan<byte> cookie, UInt128 boot, in Link from, NodeId self, int place, Instant now)
    {
        place = place < 0 && _others.HasDisplaced(now) ? -1 : Admit(record, from, place, now);
        if (place >= 0)
        {
            _others.Mark(place, record.Number, now);
            _others[place].Confirmed = 0;
        }

        if (cookie.Length == Cookies.SizeBytes && _sent.TryFind(boot, record.Echo, now, out var found))
        {
            SendAgain(record, cookie, found, self, now);
        }
    }

    private void SendAgain(in Record record, ReadOnlySpan<byte> cookie, int found, NodeId self, Instant now)
    {
        var sent = _sent[found];
        EnsureOwn(HeadBytes + CookieFrameBytes + sent.Length);
        var writer = new WireWriter(_own.AsSpan(0, Math.Min(MaximumBytes(sent.To.Kind), _own.Length)));
        writer.WriteZeros(HeadBytes);
        WriteCookie(ref writer, RecordCookie, cookie);
        writer.WriteBytes(sent.Frames);
        if (writer.Failed)
        {
            // There is no room beside the cookie: it goes first, and opens the window.
            writer.Rewind(HeadBytes + CookieFrameBytes);
            (_after, _afterAt) = ((found, record.Sender, self, record.Boot, record.Number), now);
            _afterKey = record.Key;
        }
        else
        {
            _sent.Remove(found);
        }

        (_ownTo, _ownBytes) = (sent.To, writer.Position);
        var number = _boots.Next(sent.To.Kind, now);
        Close(writer.Written, number, record.Sender, self, (record.Boot, record.Number), record.Key, now);
        ChallengesAnswered++;
        _proven = sent.To.Kind == LinkKind.Datagram ? sent.To.Address : default;
    }

    private void WriteAfter()
    {
        var sent = _sent[_after.Place];
        EnsureOwn(HeadBytes + sent.Length);
        sent.Frames.CopyTo(_own.AsSpan(HeadBytes));
        (_ownTo, _ownBytes) = (sent.To, HeadBytes + sent.Length);
        var number = _boots.Next(sent.To.Kind, _afterAt);
        var echo = (_after.Boot, _after.Number);
        Close(_own.AsSpan(0, _ownBytes), number, _after.Receiver, _after.Self, echo, _afterKey!, _afterAt);
        _sent.Remove(_after.Place);
        _after.Place = -1;
    }

    private void EnsureOwn(int bytes)
    {
        if (_own.Length < bytes)
        {
            _own = new byte[LongestStreamBytes];
        }
    }

    private static void WriteCookie(ref WireWriter writer, byte type, scoped ReadOnlySpan<byte> cookie)
    {
        var start = Frame.Begin(ref writer, Frame.Node, type);
        writer.WriteBytes(cookie);
        Frame.End(ref writer, start);
    }

    /// <summary>Whether the first frame is of the node and of a type.</summary>
    private static bool TryReadNode(ReadOnlySpan<byte> frames, byte wanted, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (frames.Length < Frame.HeaderBytes || frames[0] != Frame.Node || frames[1] != wanted)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(frames[2..]);
        var isWhole = frames.Length - Frame.HeaderBytes >= length;
        body = isWhole ? frames.Slice(Frame.HeaderBytes, length) : default;
        return isWhole;
    }
}
