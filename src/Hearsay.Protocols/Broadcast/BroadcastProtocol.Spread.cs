using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Broadcast.Store;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast;

/// <content>How a message comes in, and to which neighbours it goes.</content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>The share of the network that hybrid pushes before it pulls: where pushes begin to meet.</summary>
    private const double EagerShare = 0.08;

    /// <summary>To how many neighbours the latest message went or was announced, and to how many it went.</summary>
    private int _linksTried;

    private int _linksSent;

    private PublishOutcome PublishNow(
        ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, out BroadcastId id, bool isTracked,
        ReadOnlySpan<byte> trace = default, bool isRepaired = true)
    {
        id = default;
        if (topic.Length > BroadcastOptions.MaximumTopicBytes)
        {
            return PublishOutcome.TopicTooLong;
        }

        if (payload.Length > _options.MaximumPayloadBytes)
        {
            return PublishOutcome.PayloadTooLong;
        }

        if (PublishTargets(OwnSource(isRepaired)) is not 0 and var targets && (targets & ~_behind) == 0)
        {
            _publishes.OnUnsent(payload.Length, Now);
        }

        var kind = isTracked ? MessageFrame.Tracked : MessageFrame.Plain;
        return payload.Length <= _options.EagerPayloadBytes
            ? Publish(kind, topic, payload, trace, isRepaired, out id)
            : PublishLarge(kind, topic, payload, trace, isRepaired, out id);
    }

    private PublishOutcome Publish(
        byte kind, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> trace, bool isRepaired,
        out BroadcastId id)
    {
        BeginLifeUnderNewId();
        var (source, sequence) = (
            OwnSource(isRepaired), isRepaired ? ++_sequence : ++_unrepairedSequence);
        var proofBytes = _proofs?.SizeBytes ?? 0;
        var length = MessageFrame.HeaderBytes + topic.Length + trace.Length + payload.Length + proofBytes;
        var rented = length > 1280 ? new byte[length] : null;
        Span<byte> body = rented ?? stackalloc byte[length];
        kind |= _proofs is null ? MessageFrame.Plain : MessageFrame.Signed;
        MessageFrame.Write(body, source, sequence, kind, topic, payload, trace);
        _proofs?.Sign(MessageFrame.Purpose, body[MessageFrame.ChangingBytes..^proofBytes], body[^proofBytes..], Now);
        MessageFrame.TryRead(body, out var frame);
        id = BroadcastId.Of(source, frame.Unchanging);
        Counters.Published++;
        Accept(id, frame, -1, 0);
        return PublishOutcome.Published;
    }

    /// <summary>A node that had to give its id up publishes under the new one, as another source.</summary>
    private void BeginLifeUnderNewId()
    {
        var self = _context!.Self;
        if (self.Id != _self.Origin)
        {
            (_self, _sequence, _unrepairedSequence) = (new SourceKey(self.Id, self.Incarnation), 0, 0);
        }
    }

    /// <summary>What this node publishes as.</summary>
    private SourceKey OwnSource(bool isRepaired) => isRepaired ? _self : _self.Unrepaired;

    private bool IsOwn(in SourceKey source) => source == _self || source == _self.Unrepaired;

    private bool TakeMessage(int slot, ReadOnlySpan<byte> body)
    {
        if (!MessageFrame.TryRead(body, out var frame) || (frame.IsSigned && _proofs is null)
            || (frame.IsLarge && !TransferManifest.TryRead(frame.Payload, LargeMessage.LongestBytes, out _)))
        {
            return false;
        }

        NoteArrived(slot);
        var id = BroadcastId.Of(frame.Source, frame.Unchanging);
        if (_store.TryFind(id, out _))
        {
            Counters.Duplicates++;
            if (slot >= 0 && (frame.Flags & MessageFrame.Pulled) != 0)
            {
                _links[slot].Pulls.OnNeedless();
            }

            OnDuplicate(slot, frame);
            if ((frame.Flags & MessageFrame.Feeds) != 0)
            {
                DeclineFeed(id, slot);
            }

            return true;
        }

        var age = frame.Age + (slot >= 0 ? _neighbours.RoundTrip(slot).Ticks / 2 : 0);
        if (MayAccept(id, slot, frame, age))
        {
            Accept(id, frame, slot, age);
        }

        return true;
    }

    private void NoteArrived(int slot)
    {
        if (slot >= 0)
        {
            _links[slot].Intake.OnMessage();
        }
    }

    private bool MayAccept(in BroadcastId id, int slot, in MessageFrame frame, long age)
    {
        if (age > _options.Retention.Ticks)
        {
            Counters.TooOld++;
            return false;
        }

        if (IsOwn(frame.Source))
        {
            Counters.Forged++;
            return false;
        }

        // A flood of names makes a node forget that of a large message before the message itself.
        if (TryFindLarge(id, out _))
        {
            Counters.Replayed++;
            return false;
        }

        var link = slot >= 0 ? _links[slot] : _noLink;
        if (!link.MayTake(Now, MostPerSecond))
        {
            Counters.RateLimited++;
            link.Intake.OnRefused();
            return false;
        }

        // Another message of the same sequence may be a forgery, or this one may: both pass as long as both names are
        // remembered. A sequence that was seen and whose name is forgotten is a replay.
        if (_sources.Find(frame.Source) is { } source && frame.Sequence <= source.ForgottenTo
            && source.Known.Contains(frame.Sequence) && !_store.TryFind(frame.Source, frame.Sequence, out _))
        {
            Counters.Replayed++;
            return false;
        }

        return IsProven(frame);
    }

    /// <summary>A message that is new here: passed on first, then delivered.</summary>
    private void Accept(in BroadcastId id, scoped in MessageFrame frame, int slot, long age)
    {
        var source = _sources.Touch(frame.Source, out var isCold);

        // A publisher that lost all its children, or had no neighbours before, begins anew.
        isCold |= slot < 0 && (source.Children & _neighbours.Up) == 0;

        var place = _store.Add(id, frame, source, age, Now);
        var missing = new MissingMessage { First = -1 };
        if (_missing.TryFind(id, out var waiting))
        {
            missing = _missing[waiting];
            RemoveMissing(waiting);
        }

        NoteGaps(source, (frame.Flags & MessageFrame.Repair) != 0);
        if (slot >= 0)
        {
            NoteMiss(source, (frame.Flags & MessageFrame.Pulled) != 0);
            if (missing.Pulls > 0 && (frame.Flags & MessageFrame.Pulled) != 0)
            {
                _links[slot].Pulls.OnUseful();
            }

            Learn(source, slot, frame, missing);
        }

        var large = frame.IsLarge ? TakeManifest(id, frame, slot, missing) : null;
        Forward(place, source, slot, frame.Flags, missing, isCold, large);
        if (frame.IsTracked)
        {
            _reach.Track(id, slot, isOwn: IsOwn(frame.Source));
        }

        if (!frame.IsLarge)
        {
            Deliver(id, frame, frame.Payload, age, _store.PayloadOf(place, frame));
        }
        else if (large is not null && !IsOwn(frame.Source))
        {
            var isFed = slot >= 0 && (frame.Flags & MessageFrame.Feeds) != 0;
            _transfers.Await(large, slot, isFed, missing.EarlyChunks);
        }
    }

    private void Deliver(
        in BroadcastId id, scoped in MessageFrame frame, ReadOnlySpan<byte> payload, long age, in HeldPayload held)
    {
        Counters.Delivered++;
        if (frame.IsTracked)
        {
            _reach.Acknowledge(id);
        }

        _sink.Deliver(new BroadcastMessage
        {
            Id = id, Origin = frame.Source.Origin, Incarnation = frame.Source.Incarnation, Sequence = frame.Sequence,
            Topic = frame.Topic, Hops = frame.Hops, Age = TimeSpan.FromTicks(age), Trace = frame.Trace,
            Payload = payload, Held = held,
        });
    }

    private void Forward(
        long place, BroadcastSource source, int from, byte flags, in MissingMessage missing, bool isCold,
        LargeMessage? large)
    {
        (_linksTried, _linksSent) = (0, 0);
        if (_options.Mode == BroadcastMode.Fanout)
        {
            FanOutSoon(place);
            return;
        }

        var others = _neighbours.Up & ~missing.Announcers & ~_behind;
        others &= from >= 0 ? ~(1u << from) : uint.MaxValue;
        var pullAtOnce = false;
        var push = (flags & MessageFrame.Repair) != 0 ? 0
            : ToPushTo(source, _store[place].Hops, isCold, out pullAtOnce);
        var ask = AsksChildren(source, flags, isCold) ? push & others & ~missing.Wanters : 0;
        pullAtOnce |= ask != 0;
        push = ((push & ~ask) | missing.Wanters) & others;
        if (large is not null)
        {
            ChooseFeeding(large, isCold, pullAtOnce);
        }

        for (var rest = push; rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            var isWanted = (missing.Wanters & (1u << slot)) != 0;
            var how = isWanted ? MessageFrame.Pulled : (byte)0;
            if (large is not null)
            {
                var feeds = isWanted ? large.FeedsPulled : large.FeedsPushed;
                SendMessage(slot, place, (byte)(how | (feeds ? Feed(large, slot) : 0)));
            }
            else if (!Push(slot, place, how, from))
            {
                Counters.PushesSkipped++;
                push &= ~(1u << slot); // It is told of it instead.
            }
        }

        _linksSent = BitOperations.PopCount(push);
        _linksTried = _options.Mode == BroadcastMode.Flood ? _linksSent : BitOperations.PopCount(others);
        if (_options.Mode != BroadcastMode.Flood)
        {
            Announce(place, ask, pullAtOnce: true);
            Announce(place, others & ~push & ~ask, pullAtOnce && ask == 0);
        }
    }

    /// <summary>
    /// Whether the children are told of a message at once and not sent it: it had to be asked for here, so most of them
    /// were told by others at the same time and have asked for it too. Where much is lost a round trip more at every
    /// loss costs more than the second copies do.
    /// </summary>
    private bool AsksChildren(BroadcastSource source, byte flags, bool isCold) =>
        (flags & MessageFrame.Pulled) != 0 && !isCold && source.Misses >= BroadcastSource.Broken
        && _options.Mode is (BroadcastMode.Auto or BroadcastMode.Tree);

    /// <summary>The neighbours that get the payload at once.</summary>
    /// <param name="source">The source.</param>
    /// <param name="hops">How far the message has come.</param>
    /// <param name="isCold">Whether this is the first message of its source here.</param>
    /// <param name="pullAtOnce">Whether the others should not wait for it from elsewhere.</param>
    private uint ToPushTo(BroadcastSource source, int hops, bool isCold, out bool pullAtOnce)
    {
        pullAtOnce = false;
        switch (_options.Mode)
        {
            case BroadcastMode.Flood:
                return uint.MaxValue;
            case BroadcastMode.Tree when isCold:
                return source.Children = _neighbours.Up & ~source.Parents;
            case BroadcastMode.Hybrid:
            case BroadcastMode.Auto when isCold:
                pullAtOnce = true;
                var push = ByHops(hops);
                source.Children = push & ~source.Parents;
                return push;
            default:
                return source.Children & ~source.Parents;
        }
    }

    private uint ByHops(int hops)
    {
        var degree = Math.Max(3, BitOperations.PopCount(_neighbours.Up));
        var eager = _options.EagerHops ?? Math.Max(1, Math.Log(EagerShare * NetworkSize) / Math.Log(degree - 1));
        if (hops < Math.Floor(eager))
        {
            return _neighbours.Up;
        }

        var push = 0u;
        for (var rest = hops < eager ? _neighbours.Up : 0; rest != 0; rest &= rest - 1)
        {
            var chosen = _context!.Random.NextDouble() < eager - Math.Floor(eager);
            push |= chosen ? rest & (~rest + 1) : 0;
        }

        return push;
    }

    private void SendMessage(int slot, long place, byte flags)
    {
        SendMessage(_neighbours[slot], _neighbours.LinkNumber(slot), place, flags);
        Charge(slot);
        _neighbours.Sent(slot); // A child that is silent all the time is found dead by what it is sent.
    }

    private void SendMessage(in Peer to, ulong link, long place, byte flags)
    {
        ref var message = ref _store[place];
        var body = message.Body;
        BinaryPrimitives.WriteUInt64BigEndian(body, link);
        flags |= (byte)(message.Late | (IsWholeHere(message.Id) ? MessageFrame.Whole : 0));
        MessageFrame.Stamp(message.Frame, flags, message.Hops + 1, message.AgeAt(Now));
        Counters.PayloadsSent++;
        Counters.PayloadBytesSent += body.Length;
        _context!.Send(to, BroadcastFrame.Message, body);
    }

    private void Announce(long place, uint slots, bool pullAtOnce)
    {
        var id = _store[place].Id;
        var hops = Math.Min(_store[place].Hops + 1, BroadcastFrame.MaximumHops);
        hops |= IsWholeHere(id) ? BroadcastFrame.Whole : 0;
        Announce(id, (byte)(hops | (pullAtOnce ? BroadcastFrame.PullAtOnce : 0)), slots, pullAtOnce);
    }

    private void Announce(in BroadcastId id, byte with, uint slots, bool pullAtOnce)
    {
        var sequence = SequenceOf(id);
        for (; slots != 0; slots &= slots - 1)
        {
            var slot = BitOperations.TrailingZeroCount(slots);
            var names = _links[slot].Announcements;
            names.Add(id, with, sequence);
            Counters.AnnouncementsSent++;
            if (names.IsFull || pullAtOnce)
            {
                SendNames(slot, BroadcastFrame.Have, names);
            }
            else
            {
                _flushAt = Instant.Min(_flushAt, Now + _options.AnnounceDelay);
            }
        }
    }

    /// <summary>The low bits of a message's sequence, as announcements carry them.</summary>
    private ushort SequenceOf(in BroadcastId id) =>
        _store.TryFind(id, out var place) ? (ushort)_store[place].Sequence : (ushort)0;

    private void FlushAnnouncements()
    {
        _flushAt = Instant.Never;
        for (var slot = 0; slot < _links.Length; slot++)
        {
            SendNames(slot, BroadcastFrame.Have, _links[slot].Announcements);
        }
    }
}
