using System.Collections.Immutable;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>
/// Contexts on the wire. Equal contexts have equal bytes, so a hash of them tells whether two are equal.
/// <code>
/// context  open epochs varint, then in order: node 16, number 8, ranges
///          closed epochs varint, then in order: node 16, number 8, last number varint
///          folded epochs varint, then the same
///          claims varint, then in order: node 16, number 8, sequence varint, length of the path varint, path
/// ranges   how many varint, then each: first number minus the last of the range before (0 before the first one)
///          varint, further numbers varint
/// </code>
/// </summary>
internal static class ContextCodec
{
    /// <summary>The most epochs, ranges or claims of a context that is read.</summary>
    public const int MostEntries = 65_536;

    /// <summary>The longest path that is read, in bytes.</summary>
    public const int MostPathBytes = 8_192;

    /// <summary>Writes a context.</summary>
    public static void Write(ref WireWriter writer, CausalContext context)
    {
        Varint.Write(ref writer, (ulong)context.Open.Count);
        foreach (var (epoch, seen) in context.Open)
        {
            WriteEpoch(ref writer, epoch);
            WriteRanges(ref writer, seen);
        }

        WriteLasts(ref writer, context.Closed);
        WriteLasts(ref writer, context.Folded);
        Varint.Write(ref writer, (ulong)context.Claims.Count);
        foreach (var claim in context.Claims)
        {
            WriteEpoch(ref writer, claim.Dot.Epoch);
            Varint.Write(ref writer, claim.Dot.Sequence);
            Varint.Write(ref writer, (ulong)claim.Path.Bytes.Length);
            writer.WriteBytes(claim.Path.Bytes);
        }
    }

    /// <summary>
    /// Reads a context. What it says must be in its one form: ascending, no epoch twice, no fold that is not due.
    /// </summary>
    /// <returns>False if it is cut short, malformed or beyond the bounds.</returns>
    public static bool TryRead(ref WireReader reader, out CausalContext context)
    {
        context = CausalContext.Empty;
        var budget = MostEntries;
        return TryReadOpen(ref reader, ref context, ref budget)
            && TryReadLasts(ref reader, ref context, ref budget, isFolded: false)
            && TryReadLasts(ref reader, ref context, ref budget, isFolded: true)
            && TryReadClaims(ref reader, ref context, ref budget);
    }

    /// <summary>The bytes of a context.</summary>
    public static byte[] ToBytes(CausalContext context) =>
        WireEncodings.ToBytes((ref WireWriter writer) => Write(ref writer, context));

    private static void WriteEpoch(ref WireWriter writer, EpochId epoch)
    {
        writer.WriteNodeId(epoch.Node);
        writer.WriteUInt64(epoch.Number);
    }

    private static void WriteRanges(ref WireWriter writer, SequenceSet seen)
    {
        Varint.Write(ref writer, (ulong)seen.Ranges.Length);
        WriteRangesAlone(ref writer, seen);
    }

    /// <summary>Writes ranges without their number.</summary>
    public static void WriteRangesAlone(ref WireWriter writer, SequenceSet seen)
    {
        ulong before = 0;
        foreach (var range in seen.Ranges)
        {
            Varint.Write(ref writer, range.First - before);
            Varint.Write(ref writer, range.Last - range.First);
            before = range.Last;
        }
    }

    private static void WriteLasts(ref WireWriter writer, ImmutableSortedDictionary<EpochId, ulong> lasts)
    {
        Varint.Write(ref writer, (ulong)lasts.Count);
        foreach (var (epoch, last) in lasts)
        {
            WriteEpoch(ref writer, epoch);
            Varint.Write(ref writer, last);
        }
    }

    private static EpochId ReadEpoch(ref WireReader reader) => new(reader.ReadNodeId(), reader.ReadUInt64());

    /// <summary>Reads how many of something follow, and takes that from a budget.</summary>
    public static bool TryReadCount(ref WireReader reader, int leastBytes, ref int budget, out int count)
    {
        var ok = Varint.TryRead(ref reader, out var read) && read <= (ulong)budget
            && read * (ulong)leastBytes <= (ulong)reader.Rest.Length;
        count = ok ? (int)read : 0;
        budget -= count;
        return ok;
    }

    private static bool TryReadOpen(ref WireReader reader, ref CausalContext context, ref int budget)
    {
        if (!TryReadCount(ref reader, EpochId.SizeBytes + 3, ref budget, out var count))
        {
            return false;
        }

        var last = default(EpochId);
        for (var i = 0; i < count; i++)
        {
            var epoch = ReadEpoch(ref reader);
            if (epoch.Node.IsNone || (i > 0 && epoch.CompareTo(last) <= 0)
                || !TryReadRanges(ref reader, ref budget, out var seen))
            {
                return false;
            }

            context = context.WithSeen(epoch, seen);
            last = epoch;
        }

        return true;
    }

    private static bool TryReadRanges(ref WireReader reader, ref int budget, out SequenceSet seen)
    {
        seen = SequenceSet.Empty;
        return Varint.TryRead(ref reader, out var count) && count > 0
            && TryReadRangesAlone(ref reader, count, ref budget, out seen);
    }

    /// <summary>Reads ranges; false if they are cut short, malformed or more than the budget.</summary>
    public static bool TryReadRangesAlone(
        ref WireReader reader, ulong count, ref int budget, out SequenceSet seen)
    {
        seen = SequenceSet.Empty;
        if (count > (ulong)budget || count * 2 > (ulong)reader.Rest.Length)
        {
            return false;
        }

        budget -= (int)count;
        var (ranges, before) = (new SequenceRange[count], 0UL);
        for (var i = 0; i < ranges.Length; i++)
        {
            if (!Varint.TryRead(ref reader, out var gap) || !Varint.TryRead(ref reader, out var further)
                || gap > ulong.MaxValue - before || further > ulong.MaxValue - before - gap)
            {
                return false;
            }

            ranges[i] = new SequenceRange(before + gap, before + gap + further);
            before = ranges[i].Last;
        }

        if (SequenceSet.TryCreate(ranges) is not { } read)
        {
            return false;
        }

        seen = read;
        return true;
    }

    private static bool TryReadLasts(
        ref WireReader reader, ref CausalContext context, ref int budget, bool isFolded)
    {
        if (!TryReadCount(ref reader, EpochId.SizeBytes + 1, ref budget, out var count))
        {
            return false;
        }

        var before = default(EpochId);
        for (var i = 0; i < count; i++)
        {
            var epoch = ReadEpoch(ref reader);
            if (!Varint.TryRead(ref reader, out var last) || reader.Failed || epoch.Node.IsNone || last == 0
                || (i > 0 && epoch.CompareTo(before) <= 0)
                || (isFolded ? context.Closed.ContainsKey(epoch) : context.Open.TryGetValue(epoch, out var seen)
                    && seen.Prefix >= last)
                || (isFolded && context.Open.TryGetValue(epoch, out var above)
                    && above.Ranges[0].First <= last))
            {
                return false;
            }

            context = isFolded ? context.WithAll(epoch, last).WithClosed(epoch, last) : context.WithClosed(epoch, last);
            before = epoch;
        }

        return true;
    }

    private static bool TryReadClaims(ref WireReader reader, ref CausalContext context, ref int budget)
    {
        if (!TryReadCount(ref reader, EpochId.SizeBytes + 4, ref budget, out var count))
        {
            return false;
        }

        RowClaim? before = null;
        for (var i = 0; i < count; i++)
        {
            var epoch = ReadEpoch(ref reader);
            if (!Varint.TryRead(ref reader, out var sequence) || !Varint.TryRead(ref reader, out var length)
                || length > MostPathBytes || !RowPath.TryCreate(reader.ReadBytes((int)length), out var path)
                || reader.Failed || sequence == 0 || epoch.Node.IsNone)
            {
                return false;
            }

            var claim = new RowClaim(new Dot(epoch, sequence), path);
            if (context.Covers(claim.Dot) || (before is { } last && claim.CompareTo(last) <= 0))
            {
                return false;
            }

            context = context.WithClaim(claim);
            before = claim;
        }

        return true;
    }
}
