using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Store;

namespace Hearsay.Protocols.Broadcast.Reach;

/// <summary>
/// Writes which of the messages that somebody names are not whole here: their ranges, unknown ones first.
/// </summary>
/// <param name="sources">The sources that are known.</param>
/// <param name="store">The messages that are held.</param>
internal sealed class LackingMessages(SourceTable sources, MessageStore store)
{
    /// <summary>The length of a range, in bytes: where it begins, and how many more there are.</summary>
    public const int RangeBytes = 12;

    /// <summary>Writes the ranges of a source that are not whole here.</summary>
    /// <param name="writer">Receives the ranges.</param>
    /// <param name="key">The source.</param>
    /// <param name="range">The messages that are asked about, 12 bytes.</param>
    /// <returns>Whether there was room for all.</returns>
    public bool Write(ref WireWriter writer, in SourceKey key, ReadOnlySpan<byte> range)
    {
        var reader = new WireReader(range);
        var (first, further) = (reader.ReadUInt64(), reader.ReadUInt32());
        var last = first > ulong.MaxValue - 1 - further ? ulong.MaxValue - 1 : first + further;
        return WriteUnknown(ref writer, key, first, last) && WriteIncomplete(ref writer, key, first, last);
    }

    private bool WriteUnknown(ref WireWriter writer, in SourceKey key, ulong first, ulong last)
    {
        var known = sources.Find(key)?.Known;
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
        var place = sources.Find(key)?.OldestHeld ?? -1;
        for (; place >= 0 && place >= store.FirstHeld; place = store[place].NextOfSource)
        {
            ref readonly var message = ref store[place];
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
}
