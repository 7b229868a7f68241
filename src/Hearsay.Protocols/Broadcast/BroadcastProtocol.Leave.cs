using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast;

/// <remarks>
/// The node asks about its own messages only, since others have the messages that came from others. It asks all
/// neighbours at once first, while recent messages may still be on their way. A neighbour that is asked again requests
/// the messages that it lacks.
/// </remarks>
/// <content>
/// A node that leaves asks its neighbours whether they have the messages that it published, until one that stays has
/// them all. A push proves nothing, and a message that no other node has is lost with this one.
/// </content>
internal sealed partial class BroadcastProtocol
{
    private const byte AskedBefore = 1;
    private const byte LeavesToo = 1;
    private const byte LacksMore = 2;
    private const int RangeBytes = 12;
    private static readonly TimeSpan LeastAskingAgain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestAskingAgain = TimeSpan.FromSeconds(1);

    private HandOver? _handOver;
    private bool _isLeaving;

    /// <summary>The command to hand over, while messages wait that were published before it.</summary>
    private HandOverCommand? _leave;

    private Instant _drainedBy;

    /// <summary>The neighbours that said that they leave, by slot.</summary>
    private uint _leavers;

    private Instant _askAt = Instant.Never;

    private void BeginHandOver(HandOverCommand command)
    {
        if (_isLeaving)
        {
            command.Done([]);
            return;
        }

        (_isLeaving, _leave, _drainedBy) = (true, command, Now + (command.Limit / 2));
        _reach.BeginLeaving();
        BeginWhenDrained();
    }

    /// <summary>
    /// What the application published before goes out first, as the links take it. What they do not take in time is not
    /// published, and whoever waits for it is told.
    /// </summary>
    private void BeginWhenDrained()
    {
        if (_leave is not { } command || (!_publishes.IsEmpty && Now < _drainedBy))
        {
            return;
        }

        _leave = null;
        while (!_publishes.IsEmpty)
        {
            Counters.PublishesRefused++;
            _publishes.Take().Done?.Invoke(PublishOutcome.Leaving, default);
        }

        StartHandingOver(command);
    }

    /// <summary>A method of its own: what it captures is allocated when it begins.</summary>
    private void StartHandingOver(HandOverCommand command)
    {
        FlushAnnouncements();
        _reach.Flush();
        _store.Expire(Now);
        var until = Now + command.Limit;
        HandOverAll(_self, _sequence, until, repaired => HandOverAll(
            _self.Unrepaired, _unrepairedSequence, until, others => command.Done([.. repaired, .. others])));
    }

    /// <summary>Hands over all that is held of one of the two sources that this node publishes as.</summary>
    private void HandOverAll(
        in SourceKey source, ulong last, Instant until, Action<IReadOnlyList<BroadcastId>> done)
    {
        var first = last + 1;
        while (first > 1 && _store.TryFind(source, first - 1, out var place) && IsHeld(place))
        {
            first--;
        }

        _handOver = new HandOver(source, first, last, until, Now, done);
        AskWhoHasIt();
    }

    /// <summary>Asks every neighbour, and sets the time to ask again.</summary>
    private void AskWhoHasIt()
    {
        _askAt = Instant.Never;
        if (_handOver is not { } handOver)
        {
            return;
        }

        var longest = LeastAskingAgain;
        for (var rest = handOver.IsDone ? 0 : _neighbours.Up; rest != 0; rest &= rest - 1)
        {
            var slot = BitOperations.TrailingZeroCount(rest);
            SendFarewell(slot);
            longest = 2 * RoundTrip(slot) > longest ? 2 * RoundTrip(slot) : longest;
        }

        handOver.Rounds++;
        handOver.NoteSent(Counters.ChunksSent, Now);
        longest = longest < LongestAskingAgain ? longest : LongestAskingAgain;
        _askAt = Instant.Min(Now + longest, Instant.Max(Now, handOver.GivesUpAt));
        CheckHandOver();
    }

    /// <summary>A link came up while the node leaves.</summary>
    private void AskOver(int slot)
    {
        if (_handOver is { } handOver)
        {
            handOver.NoteLink(Now);
            SendFarewell(slot);
        }
    }

    /// <summary>Ends the handing over when somebody has all, nobody is there who could, or it takes too long.</summary>
    private void CheckHandOver()
    {
        if (_handOver is not { } handOver)
        {
            return;
        }

        var nobodyStays = (_neighbours.Up & ~_leavers) == 0;
        var nobodyComes = _neighbours.Up == 0 && !_context!.IsJoining && !_context.Peers.TryGetPeer(out _);
        if (!handOver.IsDone && !(handOver.IsWithLeaver && nobodyStays) && !nobodyComes && Now < handOver.GivesUpAt)
        {
            return;
        }

        (_handOver, _askAt) = (null, Instant.Never);
        var isWithSomebody = handOver.IsDone || handOver.IsWithLeaver;
        handOver.Done(isWithSomebody ? [] : NamesOf(handOver.Source, handOver.Lacking));
    }

    private List<BroadcastId> NamesOf(in SourceKey source, IReadOnlyList<(ulong First, ulong Last)> ranges)
    {
        var names = new List<BroadcastId>();
        foreach (var (first, last) in ranges)
        {
            for (var sequence = first; sequence <= last; sequence++)
            {
                if (_store.TryFind(source, sequence, out var place))
                {
                    names.Add(_store[place].Id);
                }
            }
        }

        return names;
    }

    private void SendFarewell(int slot)
    {
        Span<byte> body = stackalloc byte[1 + SourceKey.SizeBytes + RangeBytes];
        var writer = new WireWriter(body);
        writer.WriteByte(_handOver!.Rounds > 0 ? AskedBefore : (byte)0);
        _handOver.Source.Write(ref writer);
        writer.WriteUInt64(_handOver.First);
        writer.WriteUInt32((uint)Math.Min(_handOver.Last - _handOver.First, uint.MaxValue));
        SendControl(slot, BroadcastFrame.Farewell, writer.Written);
        _neighbours.Sent(slot);
    }

    private bool TakeFarewell(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length < 1 + SourceKey.SizeBytes + RangeBytes || slot < 0)
        {
            return false;
        }

        _leavers |= 1u << slot;
        _reach.LeaveLink(slot);
        CheckHandOver();
        if (!IsFirstOfKind(BroadcastFrame.Farewell) || !_links[slot].MayCompare(Now))
        {
            Counters.AnswersRefused++;
            return true;
        }

        var reader = new WireReader(body);
        var wasAsked = reader.ReadByte() == AskedBefore;
        var key = SourceKey.Read(ref reader);
        var range = reader.Rest[..RangeBytes];
        if (wasAsked && !IsOwn(key))
        {
            Fetch(slot, key, range, MaximumFetch, asks: true);
        }

        SendLacking(slot, key, range);
        return true;
    }

    /// <summary>Tells which of the messages named are not whole here.</summary>
    private void SendLacking(int slot, in SourceKey key, ReadOnlySpan<byte> range)
    {
        Span<byte> body = stackalloc byte[BroadcastFrame.MaximumBodyBytes];
        var writer = new WireWriter(body);
        writer.WriteByte(0);
        key.Write(ref writer);
        var reader = new WireReader(range);
        var (first, further) = (reader.ReadUInt64(), reader.ReadUInt32());
        var last = first > ulong.MaxValue - 1 - further ? ulong.MaxValue - 1 : first + further;
        var isAll = WriteUnknown(ref writer, key, first, last) && WriteIncomplete(ref writer, key, first, last);
        writer.Patch(0, (byte)((_isLeaving ? LeavesToo : 0) | (isAll ? 0 : LacksMore)));
        SendControl(slot, BroadcastFrame.Lacking, writer.Written);
    }

    private bool WriteUnknown(ref WireWriter writer, in SourceKey key, ulong first, ulong last)
    {
        var known = _sources.Find(key)?.Known;
        for (var from = known?.NextMissing(first) ?? first; from <= last;)
        {
            if (writer.Room < RangeBytes)
            {
                return false;
            }

            var end = Math.Min(last, (known?.NextContained(from) ?? ulong.MaxValue) - 1);
            writer.WriteUInt64(from);
            writer.WriteUInt32((uint)Math.Min(end - from, uint.MaxValue));
            from = known?.NextMissing(end + 1) ?? ulong.MaxValue;
        }

        return true;
    }

    /// <summary>Of large messages the manifest may be here and chunks may be missing.</summary>
    private bool WriteIncomplete(ref WireWriter writer, in SourceKey key, ulong first, ulong last)
    {
        var place = _sources.Find(key)?.OldestHeld ?? -1;
        for (; place >= 0 && place >= _store.FirstHeld; place = _store[place].NextOfSource)
        {
            ref readonly var message = ref _store[place];
            if (message.Source != key || message.Sequence < first || message.Sequence > last
                || !message.IsLarge || message.IsWhole)
            {
                continue;
            }

            if (writer.Room < RangeBytes)
            {
                return false;
            }

            writer.WriteUInt64(message.Sequence);
            writer.WriteUInt32(0);
        }

        return true;
    }

    private bool TakeLacking(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length < 1 + SourceKey.SizeBytes || (body.Length - 1 - SourceKey.SizeBytes) % RangeBytes != 0
            || slot < 0)
        {
            return false;
        }

        var reader = new WireReader(body);
        var flags = reader.ReadByte();
        _leavers |= (flags & LeavesToo) != 0 ? 1u << slot : 0;
        if (SourceKey.Read(ref reader) == _handOver?.Source)
        {
            _handOver.NoteLacking(reader.Rest, (flags & LacksMore) == 0, (flags & LeavesToo) != 0, Now);
            CheckHandOver();
        }

        return true;
    }
}
