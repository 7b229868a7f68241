using System.Buffers.Binary;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Security;

/// <content>Opening what comes.</content>
internal sealed partial class RecordEnvelope
{
    /// <summary>A datagram that comes so much later than its sender's clock says is refused.</summary>
    private static readonly TimeSpan LateDatagram = TimeSpan.FromSeconds(10);

    /// <summary>The same on streams, where packets wait for those before them.</summary>
    private static readonly TimeSpan LateOnStream = TimeSpan.FromSeconds(60);

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
        (_current, _answering, _proven) = ((-1, default, default), null, default);
        if ((refused = RecordFormat.Check(packet, from.Kind)) != DropReason.None)
        {
            return false;
        }

        var (boot, number) = (RecordFormat.BootOf(packet), RecordFormat.NumberOf(packet));
        var isOwn = _boots.Contains(boot);
        var place = isOwn ? -1 : _others.Find(boot, now);
        if ((number & RecordFormat.StreamBit) != 0 != (from.Kind == LinkKind.Stream)
            || (place >= 0 && !_others.IsNew(place, number)))
        {
            refused = DropReason.Replayed;
            return false;
        }

        if (!TryDecrypt(packet, self, place, out var text, out var key))
        {
            refused = DropReason.NotAuthentic;
            return false;
        }

        var record = new Record(packet, text, boot, number, key);
        if (isOwn)
        {
            // Its own packet came back: what it asked of a seed that is itself, or an attacker's reflection.
            opened = new OpenedPacket(self, record.Frames, isForAnyone: true, isOwn: true);
            refused = record.Sender == self ? DropReason.None : DropReason.Malformed;
            return refused == DropReason.None;
        }

        if (record.Sender.IsNone || (place >= 0 && _others[place].Id != record.Sender))
        {
            refused = DropReason.Malformed;
            return false;
        }

        var boots = EchoedBoot(record);
        if (TryReadNode(record.Frames, RecordChallenge, out var cookie))
        {
            var isFresh = IsFresh(record, boots, now);
            refused = isFresh ? DropReason.None : DropReason.Unsolicited;
            if (isFresh)
            {
                OnChallenge(record, cookie, boots, from, self, place, now);
            }

            return false;
        }

        refused = Meet(record, boots, from, self, place, now);
        if (refused == DropReason.None)
        {
            opened = new OpenedPacket(
                record.Sender, record.Frames, record.IsForAnyone, isRetired: _security.IsRetired(key, now),
                isOutdated: _security.IsOutdated(key, now));
            _answering = opened.IsOutdated ? key : null;
        }

        return refused == DropReason.None;
    }

    /// <inheritdoc/>
    public override bool TryGetLast(out OpenedPacket opened)
    {
        var isOpen = _current.Place >= 0;
        opened = isOpen
            ? new OpenedPacket(_current.Id, _opened.AsSpan(0, _openedBytes)[RecordFormat.InnerBytes..])
            : default;
        return isOpen;
    }

    /// <summary>The sender is known, or becomes known by what the record proves, or is asked for a proof.</summary>
    private DropReason Meet(
        in Record record, UInt128 echoed, in Link from, NodeId self, int place, Instant now)
    {
        if (place < 0 || IsLate(_others[place], record, from.Kind, now))
        {
            var isProven = TryReadNode(record.Frames, RecordCookie, out var cookie)
                && _cookies.IsTaken(cookie, from.Address, record.Sender, record.Boot, record.Number, now);
            if (!isProven && (_others.HasDisplaced(now) || !IsFresh(record, echoed, now)))
            {
                return Challenge(record, from, self, place, now);
            }

            place = Admit(record, from, place, now);
            if (place < 0)
            {
                return DropReason.NoRoom;
            }

            _proven = isProven && from.Kind == LinkKind.Datagram ? from.Address : default;
        }
        else if (IsOvertaken(_others[place], record))
        {
            return Challenge(record, from, self, place, now);
        }

        _others.Mark(place, record.Number, now);
        ref var other = ref _others[place];
        other.Key = other.Key is { } used && !record.Key.IsNewerThan(used) ? used : record.Key;
        other.Confirmed = echoed != 0 && echoed == _boots.Current ? echoed : other.Confirmed;
        _current = (place, record.Sender, from);
        return DropReason.None;
    }

    /// <summary>Whether a record was sent before its sender's window opened, and may have come to an earlier life.
    /// </summary>
    private static bool IsOvertaken(in Correspondent other, in Record record) =>
        !record.HasEcho && record.Number < other.First
        && ((record.Number ^ other.First) & RecordFormat.StreamBit) == 0;

    /// <summary>
    /// Opens the window of a sender, or sets its clock anew. An echo opens none while windows give way to others: what
    /// came through one of them has such echoes too.
    /// </summary>
    private int Admit(in Record record, in Link from, int place, Instant now)
    {
        place = place >= 0 ? place : _others.Open(record.Sender, record.Boot, record.Number, from.Address, now);
        if (place >= 0)
        {
            ref var met = ref _others[place];
            met.Offset = (ushort)(ClockOf(now) - record.Uptime);
            met.KeptUntil = now + Cookies.Lifetime;
        }

        return place;
    }

    /// <summary>This node's boot that a record echoes; zero for none.</summary>
    private UInt128 EchoedBoot(in Record record) => record.HasEcho ? _boots.OfParity(record.EchoIsOdd) : 0;

    /// <summary>Whether what a record echoes was sent so lately that the record is new. Known senders need no such
    /// proof, and looking for it takes time.</summary>
    private bool IsFresh(in Record record, UInt128 echoed, Instant now) =>
        echoed != 0 && _boots.WasSentLately(echoed, record.Echo, now);

    private static bool IsLate(in Correspondent other, in Record record, LinkKind kind, Instant now)
    {
        var late = (short)(ushort)(ClockOf(now) - other.Offset - record.Uptime);
        var most = kind == LinkKind.Datagram ? LateDatagram : LateOnStream;
        return late > 8 * most.TotalSeconds;
    }

    /// <summary>Only what has a good tag is decrypted, and only that is read.</summary>
    private bool TryDecrypt(
        ReadOnlySpan<byte> packet, NodeId self, int place, out ReadOnlySpan<byte> text, out RecordKey made)
    {
        var flags = packet[RecordFormat.FlagsOffset];
        var receiver = (flags & RecordFormat.IsForAnyone) != 0 ? NodeId.None : self;
        var echoed = (flags & RecordFormat.HasEcho) != 0
            ? _boots.OfParity((flags & RecordFormat.EchoIsOdd) != 0) : UInt128.Zero;
        Span<byte> room = stackalloc byte[RecordCipher.KeyBytes];
        Span<byte> data = stackalloc byte[RecordFormat.DataBytes];
        RecordFormat.WriteData(packet, _label, receiver, echoed, data);
        var closed = packet[RecordFormat.TextOffset..];
        var hint = RecordFormat.HintOf(packet);
        foreach (var key in _security.Keys)
        {
            if (key.Hint == hint && _cipher.TryOpen(
                KeyOfBoot(place, key, RecordFormat.BootBytesOf(packet), room), RecordFormat.NumberOf(packet), data,
                closed, packet.Slice(RecordFormat.TagOffset, RecordCipher.TagBytes),
                RoomFor(closed.Length)))
            {
                text = _opened.AsSpan(0, closed.Length);
                made = key;
                _openedBytes = closed.Length;
                return true;
            }
        }

        text = default;
        made = _security.Keys[0];
        return false;
    }

    /// <summary>
    /// The key of a sender's boot. It stays beside its window, so that it is not derived for each record.
    /// </summary>
    private ReadOnlySpan<byte> KeyOfBoot(int place, RecordKey key, ReadOnlySpan<byte> boot, Span<byte> room)
    {
        if (place < 0)
        {
            _cipher.Derive(key.Bytes, boot, room);
            return room;
        }

        ref var other = ref _others[place];
        if (other.BootKeyOf != key)
        {
            _cipher.Derive(key.Bytes, boot, other.BootKey);
            other.BootKeyOf = key;
        }

        return other.BootKey;
    }

    /// <summary>Grows once, for the first message on a stream that is longer than a datagram.</summary>
    private Span<byte> RoomFor(int bytes)
    {
        if (_opened.Length < bytes)
        {
            _opened = new byte[LongestStreamBytes];
        }

        return _opened.AsSpan(0, bytes);
    }

    /// <summary>What a record says, once its tag holds.</summary>
    private readonly ref struct Record(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> text, UInt128 boot, uint number, RecordKey key)
    {
        private readonly byte _flags = packet[RecordFormat.FlagsOffset];

        public UInt128 Boot { get; } = boot;

        public uint Number { get; } = number;

        public RecordKey Key { get; } = key;

        public int Bytes { get; } = packet.Length;

        public NodeId Sender { get; } = NodeId.Read(text);

        public ushort Uptime { get; } = BinaryPrimitives.ReadUInt16BigEndian(text[NodeId.SizeBytes..]);

        public uint Echo { get; } =
            BinaryPrimitives.ReadUInt32BigEndian(text[(NodeId.SizeBytes + sizeof(ushort))..]);

        public ReadOnlySpan<byte> Frames { get; } = text[RecordFormat.InnerBytes..];

        public bool IsForAnyone => (_flags & RecordFormat.IsForAnyone) != 0;

        public bool HasEcho => (_flags & RecordFormat.HasEcho) != 0;

        public bool EchoIsOdd => (_flags & RecordFormat.EchoIsOdd) != 0;
    }
}
