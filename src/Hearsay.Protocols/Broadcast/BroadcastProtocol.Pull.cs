using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Large;
using Hearsay.Protocols.Broadcast.Repair;
using Hearsay.Protocols.Broadcast.Store;
using Hearsay.Protocols.Broadcast.Tree;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Broadcast;

/// <content>How a node fetches a message that was announced and is missing.</content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>How often somebody may say that a message is coming before it is asked for all the same.</summary>
    private const int MaximumPromises = 2;

    /// <summary>A round trip that was not measured yet.</summary>
    private static readonly TimeSpan UnknownRoundTrip = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan AnswerMargin = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LongestGraftTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A parent that sent something less than this ago goes on sending.</summary>
    private static readonly TimeSpan FlowTime = TimeSpan.FromMilliseconds(50);

    /// <summary>How long an announced message may take to come by itself.</summary>
    internal TimeSpan GraftTimeout
    {
        get
        {
            var measured = TimeSpan.FromMilliseconds(_lag.Milliseconds);
            measured = measured > _options.MinimumGraftTimeout ? measured : _options.MinimumGraftTimeout;
            return _options.GraftTimeout ?? (measured < LongestGraftTimeout ? measured : LongestGraftTimeout);
        }
    }

    private bool TakeHave(int slot, ReadOnlySpan<byte> body)
    {
        for (; body.Length >= BroadcastFrame.HaveBytes && slot >= 0; body = body[BroadcastFrame.HaveBytes..])
        {
            var id = BroadcastId.Read(body);
            var with = body[BroadcastId.SizeBytes];
            var isWhole = (with & BroadcastFrame.Whole) != 0;
            if (TryFindLarge(id, out var large))
            {
                _transfers.OnHas(large, slot, isWhole);
            }
            else if (!_store.TryFind(id, out _))
            {
                var hops = (byte)(with & BroadcastFrame.MaximumHops);
                var sequence = BinaryPrimitives.ReadUInt16BigEndian(body[(BroadcastId.SizeBytes + 1)..]);
                OnAnnounced(id, slot, hops, (with & BroadcastFrame.PullAtOnce) != 0, isWhole, sequence);
            }
        }

        return body.IsEmpty;
    }

    private void OnAnnounced(
        in BroadcastId id, int slot, byte hops, bool pullAtOnce, bool isWhole = false, ushort sequence = 0)
    {
        var isNew = !_missing.TryFind(id, out var waiting);
        if (isNew && !_missing.TryAdd(id, slot, Now, out waiting))
        {
            Counters.MissingRefused++;
            return;
        }

        ref var missing = ref _missing[waiting];
        missing.Announcers |= 1u << slot;
        missing.Holders |= isWhole ? 1u << slot : 0;
        (missing.Hops, missing.Sequence) = isNew ? (hops, sequence) : (missing.Hops, missing.Sequence);
        if (pullAtOnce && missing.Pulls == 0)
        {
            Pull(waiting);
        }
        else if (isNew)
        {
            _missing.Arm(waiting, Now + GraftTimeout);
        }
    }

    private void PullWhatIsDue()
    {
        while (_missing.NextDue <= Now)
        {
            Pull(_missing.FirstDue);
        }
    }

    /// <summary>
    /// Asks the next announcer, or gives up. After a failure it asks two, but for hybrid, which is there to save
    /// payloads.
    /// </summary>
    private void Pull(int waiting)
    {
        ref var missing = ref _missing[waiting];
        var isFirst = missing.Pulls == 0;
        var isLate = Now - missing.Since >= LongestGraftTimeout;
        if (isFirst && !isLate && (MayStillCome(missing) || !IsRoomToAsk(missing)))
        {
            _missing.Arm(waiting, Now + GraftTimeout);
            return;
        }

        var hasNoRoom = isFirst ? !IsRoomToAsk(missing) : isLate && IsAskedMuch(missing);
        if (hasNoRoom || missing.Pulls >= _options.MaximumPulls || !TryAsk(waiting))
        {
            Counters.PullsGivenUp++;
            RemoveMissing(waiting);
        }
        else if (isFirst)
        {
            Promise(missing.Id, missing.Announcers);
        }
        else if (_options.Mode != BroadcastMode.Hybrid && !IsAskedMuch(missing)
            && (missing.Announcers & ~missing.Asked & _neighbours.Up) != 0)
        {
            TryAsk(waiting);
        }
    }

    /// <summary>
    /// Whether the parent is just about to send a message: it has sent some since this was announced, and none that
    /// comes after this. What a parent sends comes in order, so then this is not lost; only much is sent.
    /// </summary>
    private bool MayStillCome(in MissingMessage missing) =>
        _sources.FindByTag(missing.Id.Tag) is { } source && source.PushedAt > missing.Since && IsFlowing(source)
        && (short)(missing.Sequence - (ushort)source.PushedTo) > 0;

    /// <summary>Whether the parent is sending just now.</summary>
    private bool IsFlowing(BroadcastSource source) =>
        (source.Parents & _neighbours.Up) != 0 && Now - source.PushedAt < FlowTime;

    private bool TryAsk(int waiting)
    {
        ref var missing = ref _missing[waiting];
        var slot = NextToAsk(ref missing, missing.Pulls == 0 ? WithRoom() : uint.MaxValue);
        if (slot < 0)
        {
            return false;
        }

        if (missing.Pulls == 0)
        {
            _links[slot].Pulls.OnAsked();
            missing.Charged = (sbyte)slot;
        }

        missing.Asked |= 1u << slot;
        missing.AskedLast = (sbyte)slot;
        missing.Pulls++;
        Counters.Pulls++;
        AddWant(slot, missing.Id);
        _missing.Arm(waiting, Now + AnswerTimeout(slot, missing));
        return true;
    }

    private void RemoveMissing(int waiting)
    {
        if (_missing[waiting].Charged is >= 0 and var slot)
        {
            _links[slot].Pulls.OnClosed();
        }

        _missing.Remove(waiting);
    }

    /// <summary>The neighbours that may be asked for one more message, by slot.</summary>
    private uint WithRoom()
    {
        var slots = 0u;
        for (var slot = 0; slot < _links.Length; slot++)
        {
            slots |= _links[slot].Pulls.HasRoom ? 1u << slot : 0;
        }

        return slots;
    }

    private bool IsRoomToAsk(in MissingMessage missing)
    {
        var able = missing.Announcers & _neighbours.Up;
        return able == 0 || (able & WithRoom()) != 0;
    }

    /// <summary>Whether the neighbour asked first is asked for as much as may be.</summary>
    private bool IsAskedMuch(in MissingMessage missing) =>
        missing.Charged >= 0 && !_links[missing.Charged].Pulls.HasRoom;

    /// <summary>Tells the children of the message's source that it is being fetched.</summary>
    private void Promise(in BroadcastId id, uint except)
    {
        if (!_options.PullIntent || _options.Mode is BroadcastMode.Hybrid or BroadcastMode.Flood
            || _sources.FindByTag(id.Tag) is not { } source)
        {
            return;
        }

        Span<byte> name = stackalloc byte[BroadcastId.SizeBytes];
        id.Write(name);
        for (var rest = source.Children & ~source.Parents & _neighbours.Up & ~except; rest != 0; rest &= rest - 1)
        {
            SendControl(BitOperations.TrailingZeroCount(rest), BroadcastFrame.Coming, name);
        }
    }

    private bool TakeComing(int slot, ReadOnlySpan<byte> body)
    {
        for (; body.Length >= BroadcastId.SizeBytes && slot >= 0; body = body[BroadcastId.SizeBytes..])
        {
            var id = BroadcastId.Read(body);
            if (!_store.TryFind(id, out _))
            {
                OnPromised(id, slot);
            }
        }

        return body.IsEmpty;
    }

    private void OnPromised(in BroadcastId id, int slot)
    {
        if (!_missing.TryFind(id, out var waiting) && !_missing.TryAdd(id, slot, Now, out waiting))
        {
            Counters.MissingRefused++;
            return;
        }

        ref var missing = ref _missing[waiting];
        missing.Announcers |= 1u << slot;
        if (missing.Pulls > 0 || missing.Promises >= MaximumPromises)
        {
            return;
        }

        // Whoever fetches it needs a round trip; it then takes the way this promise took.
        var longest = TimeSpan.Zero;
        for (var rest = _neighbours.Up; rest != 0; rest &= rest - 1)
        {
            var roundTrip = RoundTrip(BitOperations.TrailingZeroCount(rest));
            longest = roundTrip > longest ? roundTrip : longest;
        }

        _missing.Arm(waiting, Now + longest + Margin);
        if (missing.Promises++ == 0)
        {
            Promise(id, missing.Announcers);
        }
    }

    private bool TakeGone(int slot, ReadOnlySpan<byte> body)
    {
        for (; body.Length >= BroadcastId.SizeBytes && slot >= 0; body = body[BroadcastId.SizeBytes..])
        {
            var id = BroadcastId.Read(body);
            _transfers.OnGone(LargeMessage.KeyOf(id), slot);
            if (_missing.TryFind(id, out var waiting))
            {
                ref var missing = ref _missing[waiting];
                missing.Announcers &= ~(1u << slot);
                if (missing.AskedLast == slot)
                {
                    Pull(waiting);
                }
            }
        }

        return body.IsEmpty;
    }

    /// <summary>
    /// The announcer with the shortest round trip, then the next one, then round again. Of equals each message begins
    /// with another.
    /// </summary>
    private int NextToAsk(ref MissingMessage missing, uint among)
    {
        var able = missing.Announcers & _neighbours.Up & among;
        var left = able & ~missing.Asked;
        if (left == 0)
        {
            missing.Asked = 0;
            left = able;
        }

        if (left == 0)
        {
            return -1;
        }

        var nearest = BitOperations.TrailingZeroCount(left);
        for (var rest = left & (left - 1); rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            nearest = (RoundTrip(slot), ChunkProviders.Turn(slot, missing.Id.Low)).CompareTo(
                (RoundTrip(nearest), ChunkProviders.Turn(nearest, missing.Id.Low))) < 0 ? slot : nearest;
        }

        return nearest;
    }

    private void AddWant(int slot, in BroadcastId id)
    {
        var wants = _links[slot].Wants;
        wants.Add(id);
        _wanting |= 1u << slot;
        if (wants.IsFull)
        {
            SendNames(slot, BroadcastFrame.Want, wants);
        }
    }

    /// <summary>
    /// How long an answer may take. Where more is missing than may be asked for, everything is late, and answers are
    /// too: longer each time.
    /// </summary>
    private TimeSpan AnswerTimeout(int slot, in MissingMessage missing)
    {
        var longer = IsAskedMuch(missing) ? 1 << Math.Min(missing.Pulls + 1, 7) : 1;
        var timeout = ((RoundTrip(slot) * 1.1) + AnswerMargin) * longer;
        return timeout < LongestGraftTimeout ? timeout : LongestGraftTimeout;
    }

    private TimeSpan RoundTrip(int slot)
    {
        var measured = _neighbours.RoundTrip(slot);
        return measured > TimeSpan.Zero ? measured : UnknownRoundTrip;
    }

    private bool IsHeld(long place) => _store.IsHeld(place, Now);
}
