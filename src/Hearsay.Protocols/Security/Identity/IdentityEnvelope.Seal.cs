using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security.Identity;

/// <content>Closing what is sent.</content>
internal sealed partial class IdentityEnvelope
{
    /// <summary>
    /// Who was not heard for so long may have lost the session: a copy of what is sent to it is kept for a moment.
    /// </summary>
    private static readonly TimeSpan Cold = TimeSpan.FromSeconds(4);

    private bool _isHolding;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Seal(Span<byte> packet, in Link to, NodeId sender, Instant now)
    {
        _isHolding = false;
        var receiver = ReceiverOf(packet);
        var place = receiver.IsNone ? _sessions.FindAt(to.Address, now) : FindSession(receiver, to, now);
        if (place >= 0 && IsUsedUp(_sessions[place]))
        {
            _sessions.Remove(place);
            place = -1;
        }

        if (place < 0)
        {
            return Greet(receiver, to, packet[HeadBytes..], now);
        }

        if (to.Kind == LinkKind.Datagram && packet.Length < SessionFormat.LeastBytes)
        {
            packet = Padded(packet);
        }

        ref var session = ref _sessions[place];
        var number = NextNumber(ref session, to.Kind);
        if (now - session.HeardAt > Cold)
        {
            _waiting.TryAdd(session.Own, number, to, packet[HeadBytes..], now);
        }

        Close(packet, place, number, now);
        return packet;
    }

    /// <summary>No number is used twice with a key: a session that has used them all is over.</summary>
    private static bool IsUsedUp(in Session session) =>
        Math.Max(session.SentDatagrams, session.SentOnStreams) >= RecordFormat.StreamBit - 2;

    private static uint NextNumber(ref Session session, LinkKind kind) => kind == LinkKind.Datagram
        ? ++session.SentDatagrams : ++session.SentOnStreams | RecordFormat.StreamBit;

    private Span<byte> Padded(Span<byte> packet)
    {
        packet.CopyTo(_own);
        var writer = new WireWriter(_own, packet.Length);
        Frame.Pad(ref writer, SessionFormat.LeastBytes);
        return writer.Written;
    }

    /// <summary>Writes the head of a packet and encrypts the rest.</summary>
    private void Close(Span<byte> packet, int place, uint number, Instant now)
    {
        ref var session = ref _sessions[place];
        session.SentAt = now;
        SessionFormat.WriteHead(packet, session.Others, number, ClockOf(now));
        _security.Cipher.Seal(
            _sessions.SendKey(place), number, packet[..SessionFormat.TagOffset], packet[HeadBytes..],
            packet.Slice(SessionFormat.TagOffset, RecordCipher.TagBytes));
    }
}
