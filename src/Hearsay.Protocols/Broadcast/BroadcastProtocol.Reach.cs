using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Reach;

namespace Hearsay.Protocols.Broadcast;

/// <remarks>
/// The number is a lower bound and not a proof. It lacks what failed nodes and lost frames would have added, and a
/// lying node is believed. Nodes send totals. They send them again when they grow, and twice more in case of loss. A
/// node whose parent is gone is an orphan. It sends the count that it had not yet sent to its parent to all its
/// neighbours, under its own id. Each neighbour forwards it to its own parent, or, if it came from the parent, to all
/// others. The count reaches the publisher on several ways, and the publisher counts an orphan once. A count that a
/// parent received and did not forward before it crashed is lost.
/// </remarks>
/// <content>
/// The reach of tracked messages. Every node tells the node from which it got the message how many nodes at and behind
/// it have the message. First receipts form a tree, so no node is counted twice, and the publisher's number is at most
/// the true one.
/// </content>
internal sealed partial class BroadcastProtocol
{
    /// <summary>
    /// The most tracked messages of this node at once, and the most of others; where those are too many, the oldest is
    /// forgotten that came from the neighbour most of them came from.
    /// </summary>
    internal const int MaximumTracked = 64;

    private const int ReachRepeats = 2;

    private const int OrphanBytes = BroadcastId.SizeBytes + sizeof(ulong) + sizeof(uint) + 1;

    /// <summary>The most that a neighbour may claim.</summary>
    private const long MaximumReach = 1 << 30;

    /// <summary>Numbers of several children share a frame.</summary>
    private static readonly TimeSpan ReachDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>How often a number is told without waiting longer: without loss a node's grows for a second.</summary>
    private const int PromptTells = 16;

    private const int TellsPerDoubling = 4;

    /// <summary>For how many times the retention there is news of a message.</summary>
    private const int KeptFor = 2;

    /// <summary>Up to 3.2 s.</summary>
    private const int MaximumDoublings = 6;

    private static readonly TimeSpan ReachRepeatDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Under which this node tells without a parent. Two nodes with one key count as the larger.</summary>
    private ulong OrphanKey => _self.Origin.Low;

    /// <summary>The oldest first.</summary>
    private readonly List<ReachRecord> _reach = [];

    private Instant _reachAt = Instant.Never;

    /// <summary>
    /// Returns the number of nodes that have acknowledged a tracked message so far, this node included. A node
    /// acknowledges a large message when it has the whole payload.
    /// </summary>
    /// <param name="id">The id of a message that this node published recently.</param>
    /// <returns>
    /// The number, which is a lower bound. It is 0 if this node does not track the message, or no longer does.
    /// </returns>
    public long ReachOf(in BroadcastId id) => FindReach(id)?.Known ?? 0;

    private void TrackReach(in BroadcastId id, int slot, bool isOwn)
    {
        if (_reach.Count(record => Competes(record, isOwn)) >= MaximumTracked)
        {
            var crowd = isOwn ? -1 : FindCrowd(slot);
            ForgetReach(_reach.FindIndex(record => Competes(record, isOwn) && record.From == crowd));
        }

        _reach.Add(new ReachRecord(id, slot, Now) { IsOwn = isOwn });
    }

    private static bool Competes(ReachRecord record, bool isOwn) => record.IsOwn == isOwn;

    /// <summary>
    /// The neighbour from whom most tracked messages came, the new one included; -1 for those that came over links that
    /// are gone, which give way first.
    /// </summary>
    private int FindCrowd(int newcomer)
    {
        Span<int> counts = stackalloc int[_links.Length];
        counts.Clear();
        var crowd = newcomer;
        if (newcomer >= 0)
        {
            counts[newcomer]++;
        }

        foreach (var record in _reach)
        {
            if (record.IsOwn)
            {
                continue;
            }

            if (record.From < 0)
            {
                return -1;
            }

            counts[record.From]++;
            crowd = crowd < 0 || counts[record.From] > counts[crowd] ? record.From : crowd;
        }

        return crowd;
    }

    private void ForgetReach(int index)
    {
        Counters.ReachForgotten += Now - _reach[index].Since < _options.Retention ? 1 : 0;
        _reach[index].Forget();
        _reach.RemoveAt(index);
    }

    /// <summary>The payload of a tracked message is here, which a manifest alone does not prove.</summary>
    private void AcknowledgeReach(in BroadcastId id)
    {
        if (FindReach(id) is { } record && record.Have())
        {
            TellSoon(record);
        }
    }

    private void TellSoon(ReachRecord record)
    {
        if (Now - record.Since > KeptFor * _options.Retention)
        {
            return;
        }

        record.Repeats = 0;
        record.TellAt = Instant.Min(record.TellAt, _isLeaving ? Now : Now + DelayOf(record));
        _reachAt = Instant.Min(_reachAt, record.TellAt);
    }

    /// <summary>
    /// Whoever can send in honest names makes nodes take each other for parents in a circle, in which numbers grow for
    /// ever: a number that has been told often waits longer and longer.
    /// </summary>
    private static TimeSpan DelayOf(ReachRecord record) =>
        ReachDelay * (1 << Math.Clamp((record.Tells - PromptTells) / TellsPerDoubling, 0, MaximumDoublings));

    private bool TakeReach(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length != BroadcastId.SizeBytes + sizeof(uint) || slot < 0)
        {
            return false;
        }

        var count = Math.Min(MaximumReach, BinaryPrimitives.ReadUInt32BigEndian(body[BroadcastId.SizeBytes..]));
        if (FindReach(BroadcastId.Read(body)) is { } record && record.From != slot && record.Hear(slot, count))
        {
            TellSoon(record);
        }

        return true;
    }

    private void ReportReach()
    {
        if (Now < _reachAt)
        {
            return;
        }

        _reachAt = Instant.Never;
        foreach (var record in _reach)
        {
            if (Now >= record.TellAt)
            {
                Tell(record);
            }

            _reachAt = Instant.Min(_reachAt, record.TellAt);
        }
    }

    private void Tell(ReachRecord record)
    {
        record.Tells++;
        record.TellAt = record.Repeats++ < ReachRepeats ? Now + ReachRepeatDelay : Instant.Never;
        if (record.From < 0 && !record.IsOwn && record.Untold > 0 && _options.Mode != BroadcastMode.Fanout)
        {
            TellAsOrphan(record);
            return;
        }

        if (record.From < 0 || !IsUp(record.From))
        {
            record.TellAt = Instant.Never;
            return;
        }

        Span<byte> body = stackalloc byte[BroadcastId.SizeBytes + sizeof(uint)];
        record.Id.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(
            body[BroadcastId.SizeBytes..], (uint)Math.Min(record.Tell(), MaximumReach));
        SendControl(record.From, BroadcastFrame.Reach, body);
    }

    private void TellAsOrphan(ReachRecord record)
    {
        Span<byte> body = stackalloc byte[OrphanBytes];
        record.Id.Write(body);
        var writer = new WireWriter(body[BroadcastId.SizeBytes..]);
        writer.WriteUInt64(OrphanKey);
        writer.WriteUInt32((uint)Math.Min(record.Untold, MaximumReach));
        writer.WriteByte(record.NextRound());
        SendUp(record, body, except: -1);
    }

    /// <summary>
    /// To the parent; where there is none, or it came from there because the parent has no way up, to all others.
    /// </summary>
    private void SendUp(ReachRecord record, ReadOnlySpan<byte> body, int except)
    {
        var slots = record.From >= 0 && record.From != except ? 1u << record.From : _neighbours.Up;
        slots &= except >= 0 ? ~(1u << except) : uint.MaxValue;
        for (var rest = slots; rest != 0; rest &= rest - 1)
        {
            SendControl(BitOperations.TrailingZeroCount(rest), BroadcastFrame.OrphanReach, body);
        }
    }

    /// <summary>A neighbour tells, for itself or for others, of a node whose parent is gone.</summary>
    private bool TakeOrphanReach(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length != OrphanBytes || slot < 0)
        {
            return false;
        }

        var reader = new WireReader(body[BroadcastId.SizeBytes..]);
        var (orphan, count, round) = (
            reader.ReadUInt64(), Math.Min(MaximumReach, (long)reader.ReadUInt32()), reader.ReadByte());
        if (orphan == OrphanKey || FindReach(BroadcastId.Read(body)) is not { } record)
        {
            return true;
        }

        if (!record.IsOwn && !_links[slot].MayPassOn(Now))
        {
            Counters.OrphansRefused++;
            return true;
        }

        if (record.HearOrphan(orphan, count, round, out var isRefused) && !record.IsOwn)
        {
            SendUp(record, body, except: slot);
        }

        Counters.OrphansRefused += isRefused ? 1 : 0;
        return true;
    }

    private ReachRecord? FindReach(in BroadcastId id)
    {
        foreach (var record in _reach)
        {
            if (record.Id == id)
            {
                return record;
            }
        }

        return null;
    }

    private void ForgetReachLink(int slot)
    {
        foreach (var record in _reach)
        {
            TellAnew(record, record.Lose(slot));
        }
    }

    /// <summary>
    /// A neighbour leaves: what it is told from now on it may not live to pass on. It is itself told what waits.
    /// </summary>
    private void LeaveReachLink(int slot)
    {
        foreach (var record in _reach)
        {
            TellAnew(record, record.LoseParent(slot));
        }
    }

    private void TellAnew(ReachRecord record, bool isOrphan)
    {
        if (isOrphan && record.Untold > 0)
        {
            TellSoon(record);
        }
    }

    /// <summary>A link came up: an orphan may have found a way to the publisher.</summary>
    private void TellOrphansAnew()
    {
        foreach (var record in _reach)
        {
            TellAnew(record, record.From < 0 && !record.IsOwn && Now - record.Since < _options.Retention);
        }
    }

    /// <summary>This node leaves: what was to be told soon is told now.</summary>
    private void FlushReach()
    {
        foreach (var record in _reach)
        {
            record.TellAt = record.TellAt == Instant.Never ? Instant.Never : Now;
            _reachAt = Instant.Min(_reachAt, record.TellAt);
        }

        ReportReach();
    }
}
