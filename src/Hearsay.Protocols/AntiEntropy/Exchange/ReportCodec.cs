using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Exchange;

/// <summary>
/// Which events of an epoch a node has, from a number on.
/// <code>
/// report  how many ranges varint, for each: numbers left out before it varint, numbers in it varint
/// </code>
/// </summary>
internal static class ReportCodec
{
    /// <summary>The ranges of a report. What comes after them is told when gaps before it have closed.</summary>
    public const int MostRanges = 50;

    /// <summary>Writes a report.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="seen">What was seen of the epoch.</param>
    /// <param name="first">Ranges that end before this number are left out.</param>
    public static void Write(ref WireWriter writer, SequenceSet seen, ulong first)
    {
        var ranges = seen.Ranges;
        while (!ranges.IsEmpty && ranges[0].Last < first)
        {
            ranges = ranges[1..];
        }

        ranges = ranges[..Math.Min(ranges.Length, MostRanges)];
        Varint.Write(ref writer, (ulong)ranges.Length);
        ulong before = 0;
        foreach (var range in ranges)
        {
            Varint.Write(ref writer, range.First - before - 1);
            Varint.Write(ref writer, range.Last - range.First + 1);
            before = range.Last;
        }
    }

    /// <summary>Reads a report; false if it is cut short, too long or tells impossible numbers.</summary>
    public static bool TryRead(ref WireReader reader, out SequenceSet seen)
    {
        seen = SequenceSet.Empty;
        if (!DotCodec.TryReadCount(ref reader, leastBytes: 2, MostRanges, out var count))
        {
            return false;
        }

        var (ranges, before) = (new SequenceRange[count], 0UL);
        for (var i = 0; i < count; i++)
        {
            if (!Varint.TryRead(ref reader, out var gap) || !Varint.TryRead(ref reader, out var length)
                || length == 0 || gap >= ulong.MaxValue - before || length > ulong.MaxValue - before - gap)
            {
                return false;
            }

            ranges[i] = new SequenceRange(before + gap + 1, before + gap + length);
            before = ranges[i].Last;
        }

        return SequenceSet.TryCreate(ranges) is { } read && (seen = read) is not null;
    }
}
