using System.Buffers.Binary;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security;

/// <content>Closing what is sent.</content>
internal sealed partial class RecordEnvelope
{
    /// <summary>
    /// After so long without a word from a node, or to it, it may have closed its window: half of the time after which
    /// it does.
    /// </summary>
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(25);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Seal(Span<byte> packet, in Link to, NodeId sender, Instant now)
    {
        var receiver = ReceiverOf(packet);
        if (to.Kind == LinkKind.Datagram && packet.Length < RecordFormat.LeastBytes)
        {
            packet = Padded(packet);
        }

        var number = _boots.Next(to.Kind, now);
        var place = PlaceOf(receiver, to, now);
        if (place < 0 || !IsWarm(_others[place], now))
        {
            _sent.Add(_boots.Current, number, to, receiver, packet[HeadBytes..], now);
        }

        Close(packet, number, receiver, sender, place, KeyFor(receiver, to, place, now), now);
        return packet;
    }

    /// <summary>
    /// The key that a receiver can open: an answer has that of what it answers; else the newest that the receiver has
    /// used, or what all are sent.
    /// </summary>
    private RecordKey KeyFor(NodeId receiver, in Link to, int place, Instant now)
    {
        if (place < 0 && receiver.IsNone)
        {
            var resident = _others.ResidentOf(to.Address, now);
            place = resident.IsNone ? -1 : _others.FindNode(resident, to.Address, now);
            if (place < 0)
            {
                return _security.ForAnyone(now);
            }
        }

        if (place >= 0 && place == _current.Place && _answering is { } answering)
        {
            return answering;
        }

        var usual = _security.ForStrangers(now);
        return place >= 0 && _others[place].Key is { } used && used.IsNewerThan(usual) && _security.Has(used)
            ? used : usual;
    }

    /// <summary>The entry of a receiver; of the node whose packet is being handled that which it used.</summary>
    private int PlaceOf(NodeId receiver, in Link to, Instant now)
    {
        if (_current.Place >= 0 && _current.Id == receiver && _current.From == to)
        {
            return _current.Place;
        }

        return receiver.IsNone ? -1 : _others.FindNode(receiver, to.Address, now);
    }

    /// <summary>Whether a node is sure to open what is sent to it under the present boot.</summary>
    private bool IsWarm(in Correspondent other, Instant now) =>
        other.Confirmed == _boots.Current && now - other.HeardAt <= Warm && now - other.SentAt <= Warm;

    private Span<byte> Padded(Span<byte> packet)
    {
        packet.CopyTo(_own);
        var writer = new WireWriter(_own, packet.Length);
        Frame.Pad(ref writer, RecordFormat.LeastBytes);
        return writer.Written;
    }

    /// <summary>Writes the head of a record and encrypts the rest.</summary>
    /// <param name="packet">The packet, its frames written.</param>
    /// <param name="number">Its number.</param>
    /// <param name="receiver">Whom it is for; none for whoever lives there.</param>
    /// <param name="sender">This node.</param>
    /// <param name="place">What is known of the receiver; -1 for nothing.</param>
    /// <param name="key">With which key.</param>
    /// <param name="now">The present moment.</param>
    private void Close(
        Span<byte> packet, uint number, NodeId receiver, NodeId sender, int place, RecordKey key, Instant now)
    {
        var (echoed, echo) = (UInt128.Zero, 0U);
        if (place >= 0)
        {
            // An older echo proves nothing, and a node that has started anew could not open a record with it.
            ref var other = ref _others[place];
            other.SentAt = now;
            (echoed, echo) = now - other.HeardAt <= OwnBoots.EchoLifetime ? (other.Boot, other.Latest) : default;
        }

        Close(packet, number, receiver, sender, (echoed, echo), key, now);
    }

    private void Close(
        Span<byte> packet,
        uint number,
        NodeId receiver,
        NodeId sender,
        (UInt128 Boot, uint Number) echo,
        RecordKey key,
        Instant now)
    {
        var flags = (byte)(RecordFormat.IsRecord | (receiver.IsNone ? RecordFormat.IsForAnyone : 0));
        if (echo.Boot != 0)
        {
            flags |= RecordFormat.HasEcho;
            flags |= OwnBoots.IsOdd(echo.Boot) ? RecordFormat.EchoIsOdd : (byte)0;
        }

        RecordFormat.WriteHead(packet, flags, key.Hint, _boots.Current, number);
        var inner = packet[RecordFormat.TextOffset..];
        sender.Write(inner);
        BinaryPrimitives.WriteUInt16BigEndian(inner[NodeId.SizeBytes..], ClockOf(now));
        BinaryPrimitives.WriteUInt32BigEndian(inner[(NodeId.SizeBytes + sizeof(ushort))..], echo.Number);
        Span<byte> data = stackalloc byte[RecordFormat.DataBytes];
        RecordFormat.WriteData(packet, _label, receiver, echo.Boot, data);
        _cipher.Seal(
            BootKeyOf(key, RecordFormat.BootBytesOf(packet)), number, data, inner,
            packet.Slice(RecordFormat.TagOffset, RecordCipher.TagBytes));
    }

    /// <summary>The key of this node's present boot.</summary>
    private ReadOnlySpan<byte> BootKeyOf(RecordKey key, ReadOnlySpan<byte> boot)
    {
        if (_bootKeyOf.Boot != _boots.Current || _bootKeyOf.Key != key)
        {
            _cipher.Derive(key.Bytes, boot, _bootKey);
            _bootKeyOf = (_boots.Current, key);
        }

        return _bootKey;
    }
}
