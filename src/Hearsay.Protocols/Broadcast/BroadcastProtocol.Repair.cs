using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast;

/// <remarks>
/// The nodes send sequence numbers and not a sketch of ids, since "1 to 5,000" takes 12 bytes. The cost depends on the
/// number of sources that published within the retention, and not on the number of their messages.
/// </remarks>
/// <content>
/// The repair of what loss, churn or a partition swallowed. Now and then a node and a neighbour tell each other which
/// sequence numbers of which sources they know. Each requests the messages that it lacks.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>The most messages asked for in answer to one digest.</summary>
    private const int MaximumFetch = 128;

    private const int FetchRangeBytes = 10;

    /// <summary>How many times as often a neighbour is asked that has more than fits one answer.</summary>
    private const int RepairsOfMany = 8;

    /// <summary>After so many requests in a row of which nothing came, nobody is compared with sooner.</summary>
    private const int InVain = 4;

    /// <summary>The least time that what was asked for is waited for, before another is asked.</summary>
    private static readonly TimeSpan LeastBringing = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The most, after which who is owed a turn loses it; and when a neighbour that has more is compared with again.
    /// </summary>
    private TimeSpan LongestBringing => _options.RepairInterval / RepairsOfMany;

    private Instant _repairAt = Instant.Never;

    /// <summary>The neighbour compared with last.</summary>
    private int _repairSlot = -1;

    /// <summary>Neighbours that came up and were not compared with yet.</summary>
    private uint _greet;

    /// <summary>
    /// Until then what a neighbour was asked for may be on its way: to ask another too would bring it twice.
    /// </summary>
    private Instant _broughtAt = Instant.Zero;

    /// <summary>Who was asked in this turn, by slot.</summary>
    private uint _asked;

    /// <summary>Who offered something while another was asked and was not asked in this turn itself.</summary>
    private uint _owed;

    /// <summary>Who has more than one answer carries, by slot, and when to compare again.</summary>
    private uint _more;

    private Instant _moreAt = Instant.Never;

    /// <summary>How many requests in a row nothing came of, and what had come before the last one.</summary>
    private int _inVain;

    private long _repairedThen;

    /// <summary>How many messages of those asked for last have not come.</summary>
    private int _bringing;

    /// <summary>How long one of them may take after the other, and until when at most.</summary>
    private TimeSpan _bringingTime;

    private Instant _bringingEnd;

    private void RepairIfDue()
    {
        if (Now >= _moreAt)
        {
            _greet |= _more;
            (_more, _moreAt) = (0, Instant.Never);
        }

        for (; _greet != 0 && Now >= _broughtAt; _greet &= _greet - 1)
        {
            SendDigest(BitOperations.TrailingZeroCount(_greet), wantsOneBack: true);
        }

        if (Now < _repairAt)
        {
            return;
        }

        _repairAt = Now + (_options.RepairInterval * (0.9 + (0.2 * _context!.Random.NextDouble())));
        _store.Expire(Now);
        ForgetUnsent();
        TellLosses();
        TryLostAgain();
        var later = _repairSlot < 31 ? _neighbours.Up >> (_repairSlot + 1) << (_repairSlot + 1) : 0;
        var next = later != 0 ? later : _neighbours.Up;
        if (next != 0 && _options.Repair)
        {
            _repairSlot = BitOperations.TrailingZeroCount(next);
            SendDigest(_repairSlot, wantsOneBack: true);
        }
    }

    private bool TakeDigest(int slot, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var wantsOneBack = reader.ReadByte() == 1;
        if (reader.Failed || slot < 0)
        {
            return false;
        }

        var mayAsk = MayAsk(slot);
        if (!TryAskFor(slot, reader.Rest, mayAsk, out var asked))
        {
            return false;
        }

        NoteAsked(slot, asked, mayAsk);
        if (asked >= MaximumFetch && _inVain < InVain)
        {
            _more |= 1u << slot;
            _moreAt = Instant.Min(_moreAt, Now + LongestBringing);
        }

        if (wantsOneBack && IsFirstOfKind(BroadcastFrame.Digest) && _links[slot].MayCompare(Now))
        {
            SendDigest(slot, wantsOneBack: false);
        }
        else
        {
            Counters.AnswersRefused += wantsOneBack ? 1 : 0;
        }

        return true;
    }

    /// <summary>
    /// Asks for what is offered and not here, beginning with another source each time: one of which more is offered
    /// than there is does not keep the others out.
    /// </summary>
    /// <returns>False if the list of sources cannot be read.</returns>
    private bool TryAskFor(int slot, ReadOnlySpan<byte> sources, bool asks, out int asked)
    {
        asked = 0;
        var total = 0;
        for (var reader = new WireReader(sources); !reader.Rest.IsEmpty; total++)
        {
            if (!TryReadOffer(ref reader, out var key, out var ranges, out var heldFrom))
            {
                return false;
            }

            NoteSilent(key, ranges, heldFrom);
        }

        var from = total > 1 ? (int)(_links[slot].Offers++ % (uint)total) : 0;
        for (var place = from; place < from + total && asked < MaximumFetch;)
        {
            var reader = new WireReader(sources);
            for (var i = 0; i < total && asked < MaximumFetch; i++)
            {
                TryReadOffer(ref reader, out var key, out var ranges, out _);
                if (i == place % total)
                {
                    asked += !_options.Repair || IsOwn(key) || !key.IsRepaired ? 0
                        : Fetch(slot, key, ranges, MaximumFetch - asked, asks);
                    place++;
                }
            }
        }

        return true;
    }

    private static bool TryReadOffer(
        ref WireReader reader, out SourceKey key, out ReadOnlySpan<byte> ranges, out ulong heldFrom)
    {
        key = SourceKey.Read(ref reader);
        heldFrom = reader.ReadUInt64();
        var count = reader.ReadByte();
        ranges = reader.ReadBytes(12 * count);
        return !reader.Failed && count <= DigestRanges;
    }

    /// <summary>
    /// One neighbour is asked at a time, and none twice while others wait for their turn: so nobody keeps them out,
    /// however much and often it offers.
    /// </summary>
    private bool MayAsk(int slot) =>
        Now >= _broughtAt
        && ((_asked & (1u << slot)) == 0 || (_owed & ~(1u << slot)) == 0 || Now >= _broughtAt + LongestBringing);

    private void NoteAsked(int slot, int asked, bool isAsked)
    {
        var bit = 1u << slot;
        if (asked == 0)
        {
            _owed &= ~bit;
        }
        else if (isAsked)
        {
            // Who is owed a turn and does not take it has lost it.
            _owed = (_asked & bit) != 0 ? 0 : _owed & ~bit;
            _asked = _owed == 0 ? bit : _asked | bit;
            Counters.RepairsAsked += asked;
            _bringing = asked;
            (_inVain, _repairedThen) = (Counters.Repaired == _repairedThen ? _inVain + 1 : 0, Counters.Repaired);
            var brought = Math.Max(3 * _neighbours.RoundTrip(slot).Ticks, LeastBringing.Ticks);
            _bringingTime = TimeSpan.FromTicks(Math.Min(brought, LongestBringing.Ticks));
            (_broughtAt, _bringingEnd) = (Now + _bringingTime, Now + LongestBringing);
        }
        else
        {
            _owed |= bit & ~_asked;
            _greet |= Now < _broughtAt ? bit : 0;
        }
    }

    /// <summary>
    /// While what was asked for comes more of it will; when all has come, who has more is asked for it at once.
    /// </summary>
    private void NoteBrought()
    {
        Counters.Repaired++;
        if (_bringing > 1)
        {
            _broughtAt = Instant.Max(_broughtAt, Instant.Min(Now + _bringingTime, _bringingEnd));
        }
        else if (_bringing == 1)
        {
            _broughtAt = Now;
            _moreAt = _more != 0 ? Now : _moreAt;
        }

        _bringing = Math.Max(0, _bringing - 1);
    }

    private void ForgetRepairLink(int slot)
    {
        var others = ~(1u << slot);
        _greet &= others;
        _asked &= others;
        _owed &= others;
        _more &= others;
    }

    /// <summary>Asks for what a neighbour has of a source and this node does not know.</summary>
    private int Fetch(int slot, in SourceKey key, ReadOnlySpan<byte> ranges, int most, bool asks)
    {
        var known = _sources.Find(key)?.Known;
        Span<byte> buffer = stackalloc byte[BroadcastFrame.MaximumBodyBytes];
        var writer = new WireWriter(buffer);
        key.Write(ref writer);
        var countAt = writer.Position;
        writer.WriteByte(0);
        var (asked, count) = (0, (byte)0);
        var reader = new WireReader(ranges);
        while (!reader.Rest.IsEmpty)
        {
            var start = reader.ReadUInt64();
            var further = reader.ReadUInt32();
            var end = start > ulong.MaxValue - 1 - further ? ulong.MaxValue - 1 : start + further;
            while (asked < most && count < byte.MaxValue && writer.Room >= FetchRangeBytes
                && TryNextMissing(known, start, end, (ulong)(most - asked), out var first, out var last))
            {
                writer.WriteUInt64(first);
                writer.WriteUInt16((ushort)(last - first));
                asked += (int)(last - first + 1);
                count++;
                start = last + 1;
            }
        }

        if (count > 0 && asks)
        {
            writer.Patch(countAt, count);
            SendControl(slot, BroadcastFrame.Fetch, writer.Written);
        }

        return asked;
    }

    private static bool TryNextMissing(
        SequenceRanges? known, ulong start, ulong end, ulong most, out ulong first, out ulong last)
    {
        first = last = known?.NextMissing(start) ?? start;
        while (last < end && last - first + 1 < most && !(known?.Contains(last + 1) ?? false))
        {
            last++;
        }

        return first <= end;
    }

    private bool TakeFetch(int slot, ReadOnlySpan<byte> body)
    {
        if (!IsFirstOfKind(BroadcastFrame.Fetch))
        {
            Counters.AnswersRefused++;
            return true;
        }

        var reader = new WireReader(body);
        var key = SourceKey.Read(ref reader);
        // Nobody asks for more in one go, and numbers that are not here must not cost more than those that are.
        var (left, ranges) = (MaximumFetch, reader.ReadByte());
        for (var i = 0; i < ranges && slot >= 0; i++)
        {
            var first = reader.ReadUInt64();
            int further = reader.ReadUInt16();
            if (reader.Failed)
            {
                return false;
            }

            for (var j = 0; j <= further && left > 0; j++, left--)
            {
                if (_store.TryFind(key, first + (ulong)j, out var place) && IsHeld(place) && MayAnswer(slot, place)
                    && !TryAnswer(slot, place, MessageFrame.Repair))
                {
                    return true;
                }
            }
        }

        return !reader.Failed;
    }
}
