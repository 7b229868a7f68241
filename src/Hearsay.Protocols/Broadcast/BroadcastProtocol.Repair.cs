using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Repair;
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

    private DigestWriter _digests = null!;
    private Instant _repairAt = Instant.Never;

    /// <summary>The neighbour compared with last.</summary>
    private int _repairSlot = -1;

    private void RepairIfDue()
    {
        while (_turns.TryNext(out var slot))
        {
            _digests.Send(slot, _links[slot], wantsOneBack: true);
        }

        if (Now < _repairAt)
        {
            return;
        }

        _repairAt = Now + (_options.RepairInterval * (0.9 + (0.2 * _context!.Random.NextDouble())));
        _store.Expire(Now);
        _unsent.ForgetOld();
        TellLosses();
        TryLostAgain();
        var later = _repairSlot < 31 ? _neighbours.Up >> (_repairSlot + 1) << (_repairSlot + 1) : 0;
        var next = later != 0 ? later : _neighbours.Up;
        if (next != 0 && _options.Repair)
        {
            _repairSlot = BitOperations.TrailingZeroCount(next);
            _digests.Send(_repairSlot, _links[_repairSlot], wantsOneBack: true);
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

        var mayAsk = _turns.MayAsk(slot);
        if (!TryAskFor(slot, reader.Rest, mayAsk, out var asked))
        {
            return false;
        }

        _turns.NoteAsked(slot, asked, mayAsk, _neighbours.RoundTrip(slot));
        if (asked >= MaximumFetch)
        {
            _turns.NoteMore(slot);
        }

        if (wantsOneBack && IsFirstOfKind(BroadcastFrame.Digest) && _links[slot].MayCompare(Now))
        {
            _digests.Send(slot, _links[slot], wantsOneBack: false);
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
            if (!DigestWriter.TryReadOffer(ref reader, out var key, out var ranges, out var heldFrom))
            {
                return false;
            }

            _digests.NoteSilent(key, ranges, heldFrom);
        }

        var from = total > 1 ? (int)(_links[slot].Offers++ % (uint)total) : 0;
        for (var place = from; place < from + total && asked < MaximumFetch;)
        {
            var reader = new WireReader(sources);
            for (var i = 0; i < total && asked < MaximumFetch; i++)
            {
                DigestWriter.TryReadOffer(ref reader, out var key, out var ranges, out _);
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
