using System.Buffers.Binary;
using System.Numerics;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Tree;

namespace Hearsay.Protocols.Broadcast.Reach;

/// <summary>
/// The reach of tracked messages. Every node tells the node from which it got the message how many nodes at and behind
/// it have the message. First receipts form a tree, so no node is counted twice, and the publisher's number is at most
/// the true one.
/// </summary>
/// <remarks>
/// The number is a lower bound and not a proof. It lacks what failed nodes and lost frames would have added, and a
/// lying node is believed. Nodes send totals. They send them again when they grow, and twice more in case of loss. A
/// node whose parent is gone is an orphan. It sends the count that it had not yet sent to its parent to all its
/// neighbours, under its own id. Each neighbour forwards it to its own parent, or, if it came from the parent, to all
/// others. The count reaches the publisher on several ways, and the publisher counts an orphan once. A count that a
/// parent received and did not forward before it crashed is lost.
/// </remarks>
/// <param name="options">The options of broadcast.</param>
/// <param name="counters">What it counts.</param>
/// <param name="host">The node and its links.</param>
/// <param name="links">What is known of each link, by slot.</param>
internal sealed class ReachTracker(
    BroadcastOptions options, BroadcastCounters counters, IBroadcastHost host, BroadcastLink[] links)
{
    /// <summary>
    /// The most tracked messages of this node at once, and the most of others; where those are too many, the oldest is
    /// forgotten that came from the neighbour most of them came from.
    /// </summary>
    public const int MaximumTracked = 64;

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

    /// <summary>The oldest first.</summary>
    private readonly List<ReachRecord> _records = [];

    private bool _isLeaving;

    /// <summary>Under which this node tells without a parent. Two nodes with one key count as the larger.</summary>
    public ulong OrphanKey { get; set; }

    /// <summary>When to call <see cref="Report"/> next.</summary>
    public Instant NextDue { get; private set; } = Instant.Never;

    private Instant Now => host.Now;

    /// <summary>A tracked message is here, or its manifest is.</summary>
    /// <param name="id">The message.</param>
    /// <param name="slot">From where it came; -1 if over no link that is up.</param>
    /// <param name="isOwn">Whether this node published it.</param>
    public void Track(in BroadcastId id, int slot, bool isOwn)
    {
        if (_records.Count(record => Competes(record, isOwn)) >= MaximumTracked)
        {
            var crowd = isOwn ? -1 : FindCrowd(slot);
            Forget(_records.FindIndex(record => Competes(record, isOwn) && record.From == crowd));
        }

        _records.Add(new ReachRecord(id, slot, Now) { IsOwn = isOwn });
    }

    private static bool Competes(ReachRecord record, bool isOwn) => record.IsOwn == isOwn;

    /// <summary>
    /// The neighbour from whom most tracked messages came, the new one included; -1 for those that came over links that
    /// are gone, which give way first.
    /// </summary>
    private int FindCrowd(int newcomer)
    {
        Span<int> counts = stackalloc int[links.Length];
        counts.Clear();
        var crowd = newcomer;
        if (newcomer >= 0)
        {
            counts[newcomer]++;
        }

        foreach (var record in _records)
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

    private void Forget(int index)
    {
        counters.ReachForgotten += Now - _records[index].Since < options.Retention ? 1 : 0;
        _records[index].Forget();
        _records.RemoveAt(index);
    }

    /// <summary>The payload of a tracked message is here, which a manifest alone does not prove.</summary>
    public void Acknowledge(in BroadcastId id)
    {
        if (Find(id) is { } record && record.Have())
        {
            TellSoon(record);
        }
    }

    private void TellSoon(ReachRecord record)
    {
        if (Now - record.Since > KeptFor * options.Retention)
        {
            return;
        }

        record.Repeats = 0;
        record.TellAt = Instant.Min(record.TellAt, _isLeaving ? Now : Now + DelayOf(record));
        NextDue = Instant.Min(NextDue, record.TellAt);
    }

    /// <summary>
    /// Whoever can send in honest names makes nodes take each other for parents in a circle, in which numbers grow for
    /// ever: a number that has been told often waits longer and longer.
    /// </summary>
    private static TimeSpan DelayOf(ReachRecord record) =>
        ReachDelay * (1 << Math.Clamp((record.Tells - PromptTells) / TellsPerDoubling, 0, MaximumDoublings));

    /// <summary>A neighbour tells how many nodes at and behind it have a message.</summary>
    /// <returns>False if the frame cannot be read.</returns>
    public bool Take(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length != BroadcastId.SizeBytes + sizeof(uint) || slot < 0)
        {
            return false;
        }

        var count = Math.Min(MaximumReach, BinaryPrimitives.ReadUInt32BigEndian(body[BroadcastId.SizeBytes..]));
        if (Find(BroadcastId.Read(body)) is { } record && record.From != slot && record.Hear(slot, count))
        {
            TellSoon(record);
        }

        return true;
    }

    /// <summary>Tells what is due.</summary>
    public void Report()
    {
        if (Now < NextDue)
        {
            return;
        }

        NextDue = Instant.Never;
        foreach (var record in _records)
        {
            if (Now >= record.TellAt)
            {
                Tell(record);
            }

            NextDue = Instant.Min(NextDue, record.TellAt);
        }
    }

    private void Tell(ReachRecord record)
    {
        record.Tells++;
        record.TellAt = record.Repeats++ < ReachRepeats ? Now + ReachRepeatDelay : Instant.Never;
        if (record.From < 0 && !record.IsOwn && record.Untold > 0 && options.Mode != BroadcastMode.Fanout)
        {
            TellAsOrphan(record);
            return;
        }

        if (record.From < 0 || (host.Up & (1u << record.From)) == 0)
        {
            record.TellAt = Instant.Never;
            return;
        }

        Span<byte> body = stackalloc byte[BroadcastId.SizeBytes + sizeof(uint)];
        record.Id.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(
            body[BroadcastId.SizeBytes..], (uint)Math.Min(record.Tell(), MaximumReach));
        host.SendControl(record.From, BroadcastFrame.Reach, body);
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
        var slots = record.From >= 0 && record.From != except ? 1u << record.From : host.Up;
        slots &= except >= 0 ? ~(1u << except) : uint.MaxValue;
        for (var rest = slots; rest != 0; rest &= rest - 1)
        {
            host.SendControl(BitOperations.TrailingZeroCount(rest), BroadcastFrame.OrphanReach, body);
        }
    }

    /// <summary>A neighbour tells, for itself or for others, of a node whose parent is gone.</summary>
    /// <returns>False if the frame cannot be read.</returns>
    public bool TakeOrphan(int slot, ReadOnlySpan<byte> body)
    {
        if (body.Length != OrphanBytes || slot < 0)
        {
            return false;
        }

        var reader = new WireReader(body[BroadcastId.SizeBytes..]);
        var (orphan, count, round) = (
            reader.ReadUInt64(), Math.Min(MaximumReach, (long)reader.ReadUInt32()), reader.ReadByte());
        if (orphan == OrphanKey || Find(BroadcastId.Read(body)) is not { } record)
        {
            return true;
        }

        if (!record.IsOwn && !links[slot].MayPassOn(Now))
        {
            counters.OrphansRefused++;
            return true;
        }

        if (record.HearOrphan(orphan, count, round, out var isRefused) && !record.IsOwn)
        {
            SendUp(record, body, except: slot);
        }

        counters.OrphansRefused += isRefused ? 1 : 0;
        return true;
    }

    /// <summary>What is known of a message; null if it is not tracked.</summary>
    public ReachRecord? Find(in BroadcastId id)
    {
        foreach (var record in _records)
        {
            if (record.Id == id)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>A link is gone.</summary>
    public void ForgetLink(int slot)
    {
        foreach (var record in _records)
        {
            TellAnew(record, record.Lose(slot));
        }
    }

    /// <summary>
    /// A neighbour leaves: what it is told from now on it may not live to pass on. It is itself told what waits.
    /// </summary>
    public void LeaveLink(int slot)
    {
        foreach (var record in _records)
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
    public void TellOrphansAnew()
    {
        foreach (var record in _records)
        {
            TellAnew(record, record.From < 0 && !record.IsOwn && Now - record.Since < options.Retention);
        }
    }

    /// <summary>This node leaves: from now on nothing waits to be told with something else.</summary>
    public void BeginLeaving() => _isLeaving = true;

    /// <summary>What was to be told soon is told now.</summary>
    public void Flush()
    {
        foreach (var record in _records)
        {
            record.TellAt = record.TellAt == Instant.Never ? Instant.Never : Now;
            NextDue = Instant.Min(NextDue, record.TellAt);
        }

        Report();
    }
}
