using System.Buffers.Binary;

namespace Hearsay.Protocols;

/// <summary>
/// How far a tracked message got: every node tells the one it got the message from how many nodes at and behind it have
/// it. First receipts form a tree, so nobody is counted twice, and the publisher's number is at most the truth.
/// </summary>
/// <remarks>
/// A lower bound, not a proof: what a node that failed or a frame that was lost would have said is missing, and a node
/// that lies is believed. Numbers are totals, told again when they grow and twice more against loss.
/// </remarks>
public sealed partial class BroadcastProtocol
{
    /// <summary>
    /// The most tracked messages of this node at once, and the most of others; where those are too many, the oldest is
    /// forgotten that came from the neighbour most of them came from.
    /// </summary>
    internal const int MaximumTracked = 64;

    private const int ReachRepeats = 2;

    /// <summary>The most that a neighbour may claim.</summary>
    private const long MaximumReach = 1 << 30;

    /// <summary>Numbers of several children share a frame.</summary>
    private static readonly TimeSpan ReachDelay = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan ReachRepeatDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The oldest first.</summary>
    private readonly List<ReachRecord> _reach = [];

    private Instant _reachAt = Instant.Never;

    /// <summary>
    /// How many nodes have acknowledged a tracked message so far, this one included; for a large message those that
    /// have its whole payload.
    /// </summary>
    /// <param name="id">The message, published here lately.</param>
    /// <returns>A lower bound; 0 if the message is not tracked here (any more).</returns>
    public long ReachOf(in BroadcastId id) => FindReach(id)?.Count ?? 0;

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
    /// The neighbour from whom most tracked messages came, the new one included; -1 for links that are gone, which
    /// nobody is told of any more.
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
        record.Repeats = 0;
        record.TellAt = Instant.Min(record.TellAt, Now + ReachDelay);
        _reachAt = Instant.Min(_reachAt, record.TellAt);
    }

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
        record.TellAt = record.Repeats++ < ReachRepeats ? Now + ReachRepeatDelay : Instant.Never;
        if (record.From < 0 || !IsUp(record.From))
        {
            record.TellAt = Instant.Never;
            return;
        }

        Span<byte> body = stackalloc byte[BroadcastId.SizeBytes + sizeof(uint)];
        record.Id.Write(body);
        var count = (uint)Math.Min(record.Count, MaximumReach);
        BinaryPrimitives.WriteUInt32BigEndian(body[BroadcastId.SizeBytes..], count);
        SendControl(record.From, BroadcastFrame.Reach, body);
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
            // Whoever takes the slot did not send the message.
            record.From = record.From == slot ? -1 : record.From;
        }
    }
}
