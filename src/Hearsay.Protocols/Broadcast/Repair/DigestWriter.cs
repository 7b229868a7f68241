using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Store;
using Hearsay.Protocols.Broadcast.Tree;

namespace Hearsay.Protocols.Broadcast.Repair;

/// <summary>
/// What a node tells a neighbour that it has. To a new neighbour it also tells how far the sources went of which it
/// holds nothing any more: the neighbour may have been cut off, or asleep, until all of that was gone.
/// </summary>
/// <param name="options">The options of broadcast.</param>
/// <param name="host">The node and its links.</param>
/// <param name="sources">The sources that are known.</param>
/// <param name="self">What the node itself publishes as.</param>
internal sealed class DigestWriter(BroadcastOptions options, IBroadcastHost host, SourceTable sources, SourceKey self)
{
    /// <summary>The most digest frames in one go; sources that do not fit come next time.</summary>
    private const int DigestFrames = 4;

    /// <summary>
    /// The most ranges of one source in a digest; the oldest are told as one, which may offer too much.
    /// </summary>
    private const int DigestRanges = 16;

    /// <summary>For so many repair intervals neighbours are told how far a source went.</summary>
    private const int NewsIntervals = 16;

    /// <summary>Tells a neighbour what is here of all sources.</summary>
    /// <param name="slot">The slot of the neighbour.</param>
    /// <param name="link">What is known of its link.</param>
    /// <param name="wantsOneBack">Whether the neighbour shall tell what it has.</param>
    public void Send(int slot, BroadcastLink link, bool wantsOneBack)
    {
        Span<byte> buffer = stackalloc byte[BroadcastFrame.MaximumBodyBytes];
        var writer = new WireWriter(buffer);
        writer.WriteByte((byte)(wantsOneBack ? 1 : 0));
        var (frames, place) = (0, 0);
        for (var source = sources.Newest; source is not null; source = source.Older, place++)
        {
            source.Settle(host.Now, MessageStore.SettleTime);
            if (!source.Key.IsRepaired || source.OldestHeld < 0 || source.HeldFrom > source.Settled
                || place < link.DigestFrom)
            {
                continue;
            }

            if (writer.Room < SourceKey.SizeBytes + 9 + (12 * DigestRanges)
                && !NextDigestFrame(slot, ref writer, ref frames))
            {
                link.DigestFrom = place;
                return;
            }

            WriteDigest(ref writer, source);
        }

        link.DigestFrom = 0;
        if (WriteSilent(slot, link, ref writer, ref frames) && (writer.Position > 1 || wantsOneBack))
        {
            host.SendControl(slot, BroadcastFrame.Digest, writer.Written);
        }
    }

    /// <summary>Sends a frame that is full, and begins another.</summary>
    /// <returns>False if that was the last one for now.</returns>
    private bool NextDigestFrame(int slot, ref WireWriter writer, ref int frames)
    {
        host.SendControl(slot, BroadcastFrame.Digest, writer.Written);

        // One frame of an answer is enough to be answered.
        writer.Rewind(0);
        writer.WriteByte(0);
        return ++frames < DigestFrames;
    }

    /// <summary>
    /// Sources of which nothing is held, as far as there is room: to a new neighbour all of them, a few times, since
    /// packets may be lost; to others those of which a neighbour told lately.
    /// </summary>
    /// <returns>False if the last frame for now has been sent.</returns>
    private bool WriteSilent(int slot, BroadcastLink link, ref WireWriter writer, ref int frames)
    {
        var place = 0;
        var isPass = link.SilentPasses > 0 && host.Now >= link.SilentAt;
        for (var source = sources.Newest; source is not null; source = source.Older, place++)
        {
            ref readonly var silent = ref source.Gaps.Silent;
            if (!source.Key.IsRepaired || source.OldestHeld >= 0 || source.Known.Count == 0
                || !(isPass && place >= link.SilentFrom || host.Now < silent.NewsUntil))
            {
                continue;
            }

            if (writer.Room < SourceKey.SizeBytes + 9 && !NextDigestFrame(slot, ref writer, ref frames))
            {
                link.SilentFrom = isPass ? place : link.SilentFrom;
                return false;
            }

            source.Key.Write(ref writer);
            writer.WriteUInt64(silent.Highest(source.Known[^1].End) + 1);
            writer.WriteByte(0);
        }

        if (isPass)
        {
            (link.SilentFrom, link.SilentPasses) = (0, link.SilentPasses - 1);
            link.SilentAt = host.Now + options.RepairInterval;
        }

        return true;
    }

    /// <summary>A neighbour holds nothing of a source, and says how far it went.</summary>
    public void NoteSilent(in SourceKey key, ReadOnlySpan<byte> ranges, ulong heldFrom)
    {
        // Of a source that was never heard here nothing is missing.
        if (ranges.IsEmpty && heldFrom > 0 && key != self && key.IsRepaired
            && sources.Find(key) is { Known.Count: > 0 } source)
        {
            source.Gaps.Silent.Note(
                heldFrom - 1, source.Known[^1].End, SilentLoss.Largest,
                host.Now + (NewsIntervals * options.RepairInterval));
        }
    }

    private static void WriteDigest(ref WireWriter writer, BroadcastSource source)
    {
        source.Key.Write(ref writer);
        writer.WriteUInt64(source.HeldFrom);
        var countAt = writer.Position;
        writer.WriteByte(0);
        byte count = 0;
        var oldest = Math.Max(0, source.Known.Count - DigestRanges);
        for (var i = oldest; i < source.Known.Count; i++)
        {
            var (start, end) = source.Known[i];
            start = i == oldest ? source.Known[0].Start : start;
            (start, end) = (Math.Max(start, source.HeldFrom), Math.Min(end, source.Settled));
            if (start <= end)
            {
                writer.WriteUInt64(start);
                writer.WriteUInt32((uint)Math.Min(end - start, uint.MaxValue));
                count++;
            }
        }

        writer.Patch(countAt, count);
    }

    /// <summary>Reads what a digest offers of one source.</summary>
    /// <returns>False if it cannot be read.</returns>
    public static bool TryReadOffer(
        ref WireReader reader, out SourceKey key, out ReadOnlySpan<byte> ranges, out ulong heldFrom)
    {
        key = SourceKey.Read(ref reader);
        heldFrom = reader.ReadUInt64();
        var count = reader.ReadByte();
        ranges = reader.ReadBytes(12 * count);
        return !reader.Failed && count <= DigestRanges;
    }
}
