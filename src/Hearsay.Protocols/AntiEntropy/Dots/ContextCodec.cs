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
    /// <summary>The longest path that is read, in bytes.</summary>
    public const int MostPathBytes = 8_192;

    /// <summary>Writes a context.</summary>
    public static void Write(ref WireWriter writer, CausalContext context) =>
        WriteAll(ref writer, context, context.Folded);

    /// <summary>Writes a context as if no epoch were folded.</summary>
    public static void WriteButFolded(ref WireWriter writer, CausalContext context) =>
        WriteAll(ref writer, context, CausalContext.Empty.Folded);

    private static void WriteAll(
        ref WireWriter writer, CausalContext context, ImmutableSortedDictionary<EpochId, ulong> folded)
    {
        Varint.Write(ref writer, (ulong)context.Open.Count);
        foreach (var (epoch, seen) in context.Open)
        {
            WriteEpoch(ref writer, epoch);
            WriteRanges(ref writer, seen);
        }

        WriteLasts(ref writer, context.Closed);
        WriteLasts(ref writer, folded);
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
    /// Reads a context. What it says must be in its one form: ascending, no epoch twice, no fold that is not due. It
    /// takes memory for what has come, and not for what is said to follow.
    /// </summary>
    /// <param name="reader">Stands at it.</param>
    /// <param name="context">The context.</param>
    /// <param name="mostEntries">
    /// How much it may have to say (<see cref="CausalContext.Entries"/>): as much as a replica here may hold. What a
    /// node has stored itself it reads without a bound.
    /// </param>
    /// <returns>False if it is cut short, malformed or beyond the bound.</returns>
    public static bool TryRead(ref WireReader reader, out CausalContext context, int mostEntries = int.MaxValue)
    {
        context = CausalContext.Empty;
        var budget = mostEntries;
        var open = ImmutableSortedDictionary.CreateBuilder<EpochId, SequenceSet>();
        var closed = ImmutableSortedDictionary.CreateBuilder<EpochId, ulong>();
        var folded = ImmutableSortedDictionary.CreateBuilder<EpochId, ulong>();
        if (!TryReadOpen(ref reader, open, ref budget)
            || !TryReadLasts(ref reader, open, closed: null, closed, ref budget)
            || !TryReadLasts(ref reader, open, closed, folded, ref budget))
        {
            return false;
        }

        context = open.Count + closed.Count + folded.Count == 0 ? context : CausalContext.OfSorted(
            open.ToImmutable(), closed.ToImmutable(), folded.ToImmutable(), []);
        return TryReadClaims(ref reader, ref context);
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

    private static bool TryReadOpen(
        ref WireReader reader, ImmutableSortedDictionary<EpochId, SequenceSet>.Builder open, ref int budget)
    {
        if (!DotCodec.TryReadCount(ref reader, EpochId.SizeBytes + 3, budget, out var count))
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

            open.Add(epoch, seen);
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

    /// <summary>Reads epochs that have ended: none may be in two of the lists.</summary>
    /// <param name="reader">Stands at them.</param>
    /// <param name="open">The open epochs.</param>
    /// <param name="closed">The closed ones; null if it is these that are read.</param>
    /// <param name="lasts">Gets them.</param>
    /// <param name="budget">How many there may be.</param>
    private static bool TryReadLasts(
        ref WireReader reader, ImmutableSortedDictionary<EpochId, SequenceSet>.Builder open,
        ImmutableSortedDictionary<EpochId, ulong>.Builder? closed,
        ImmutableSortedDictionary<EpochId, ulong>.Builder lasts, ref int budget)
    {
        if (!TryReadCount(ref reader, EpochId.SizeBytes + 1, ref budget, out var count))
        {
            return false;
        }

        var before = default(EpochId);
        for (var i = 0; i < count; i++)
        {
            var epoch = ReadEpoch(ref reader);
            var seen = open.GetValueOrDefault(epoch, SequenceSet.Empty);
            if (!Varint.TryRead(ref reader, out var last) || reader.Failed || epoch.Node.IsNone || last == 0
                || (i > 0 && epoch.CompareTo(before) <= 0)
                || (closed is null ? seen.Prefix >= last
                    : closed.ContainsKey(epoch) || (!seen.IsEmpty && seen.Ranges[0].First <= last)))
            {
                return false;
            }

            lasts.Add(epoch, last);
            before = epoch;
        }

        return true;
    }

    private static bool TryReadClaims(ref WireReader reader, ref CausalContext context)
    {
        if (!DotCodec.TryReadCount(ref reader, EpochId.SizeBytes + 4, int.MaxValue, out var count))
        {
            return false;
        }

        var claims = ImmutableSortedSet.CreateBuilder<RowClaim>();
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

            claims.Add(claim);
            before = claim;
        }

        context = count == 0
            ? context : CausalContext.OfSorted(context.Open, context.Closed, context.Folded, claims.ToImmutable());
        return true;
    }
}
