using System.Collections.Immutable;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>
/// Contexts between two replicas that have seen much of the same: an epoch goes by a name of 6 bytes in place of its 24
/// bytes, many folded epochs go by one digest, and the answer has only what is different in the context of the one that
/// answers.
/// <code>
/// told        parts of the folded epochs (see <see cref="FoldParts"/>); unless all are listed: digest of the folded
///             epochs of the other parts 16
///             how many epochs varint, then in order of the names: name 6, record
/// answer      hash of the context 16
///             how many varint, each varint: places of the epochs that were told and are unknown here
///             how many varint, for each: place varint, record: of epochs that were told and are different here
///             context: of epochs that were not told, and all claims (see <see cref="ContextCodec"/>)
/// record      4 * ranges + 1 if the epoch is closed + 2 if it is folded varint,
///             if it is either: last number varint; ranges (see <see cref="ContextCodec"/>)
/// </code>
/// </summary>
/// <remarks>
/// A name is a hash under the secret of the maps, and a place is a number from 0 on in what was told. Two epochs of one
/// name would be taken for one; but then the context that comes of the answer does not have the hash that the answer
/// tells, and nothing is done. Folded epochs of which more was seen above the fold are told like open ones, and are in
/// no digest.
/// </remarks>
internal static class BriefContext
{
    /// <summary>The bits of a name.</summary>
    public const int NameBits = 8 * NameBytes;

    private const int NameBytes = 6;
    private const ulong ClosedFlag = 1;
    private const ulong FoldedFlag = 2;
    private const int FlagBits = 2;

    /// <summary>Writes what is told.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="context">The context.</param>
    /// <param name="parts">Which folded epochs are told one by one.</param>
    /// <param name="digester">Makes names.</param>
    /// <returns>False if this context cannot be told briefly: it has claims, or two epochs have one name.</returns>
    public static bool TryWrite(
        ref WireWriter writer, CausalContext context, FoldParts parts, RowDigester digester)
    {
        if (!context.Claims.IsEmpty)
        {
            return false;
        }

        parts.Write(ref writer);
        if (!parts.AreAll)
        {
            var rest = FoldDigests.Rest(context, parts, digester);
            writer.WriteUInt64((ulong)(rest >> 64));
            writer.WriteUInt64((ulong)rest);
        }

        var epochs = ByName(context, parts, digester, out var isClear);
        Varint.Write(ref writer, (ulong)epochs.Count);
        foreach (var (name, epoch) in epochs)
        {
            if (writer.Failed)
            {
                break;
            }

            writer.WriteUInt16((ushort)(name >> 32));
            writer.WriteUInt32((uint)name);
            WriteRecord(ref writer, context, epoch);
        }

        return isClear;
    }

    /// <summary>Reads what a peer tells.</summary>
    /// <param name="reader">Stands at it.</param>
    /// <param name="mine">The context of this replica.</param>
    /// <param name="digester">Makes names.</param>
    /// <param name="told">What the peer told.</param>
    /// <param name="mostEntries">How much it may have to say.</param>
    /// <returns>False if it is cut short, malformed or beyond the bounds.</returns>
    public static bool TryRead(
        ref WireReader reader, CausalContext mine, RowDigester digester, out BriefTold told,
        int mostEntries = int.MaxValue)
    {
        told = BriefTold.Nothing;
        if (!FoldParts.TryRead(ref reader, out var parts))
        {
            return false;
        }

        var rest = parts.AreAll ? 0 : new UInt128(reader.ReadUInt64(), reader.ReadUInt64());
        var budget = mostEntries;
        if (!ContextCodec.TryReadCount(ref reader, NameBytes + 1, ref budget, out var count))
        {
            return false;
        }

        var isWhole = parts.AreAll || rest == FoldDigests.Rest(mine, parts, digester);
        var known = isWhole ? RestOf(mine, parts, digester) : CausalContext.Empty;
        var (names, epochs) = (ByName(mine, parts, digester, out _), new List<EpochId?>());
        for (ulong before = 0; epochs.Count < count;)
        {
            var name = ((ulong)reader.ReadUInt16() << 32) | reader.ReadUInt32();
            var isKnown = names.TryGetValue(name, out var epoch);
            if ((epochs.Count > 0 && name <= before)
                || !TryReadRecord(ref reader, epoch, ref known, isKnown, ref budget))
            {
                return false;
            }

            before = name;
            epochs.Add(isKnown ? epoch : null);
        }

        told = new BriefTold(known, epochs, parts, isWhole);
        return true;
    }

    /// <summary>Writes how a context is different from what was told.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="mine">The context.</param>
    /// <param name="told">What was told, wholly.</param>
    /// <param name="digester">Makes hashes.</param>
    public static void WriteAnswer(
        ref WireWriter writer, CausalContext mine, BriefTold told, RowDigester digester)
    {
        var hash = digester.Of(mine);
        writer.WriteUInt64((ulong)(hash >> 64));
        writer.WriteUInt64((ulong)hash);
        var (unknown, changed, epochs) = (new List<int>(), new List<int>(), new HashSet<EpochId>());
        for (var i = 0; i < told.Epochs.Count; i++)
        {
            if (told.Epochs[i] is not { } epoch)
            {
                unknown.Add(i);
            }
            else
            {
                epochs.Add(epoch);
                if (!IsSame(mine, told.Known, epoch))
                {
                    changed.Add(i);
                }
            }
        }

        Varint.Write(ref writer, (ulong)unknown.Count);
        foreach (var place in unknown)
        {
            Varint.Write(ref writer, (ulong)place);
        }

        Varint.Write(ref writer, (ulong)changed.Count);
        foreach (var place in changed)
        {
            Varint.Write(ref writer, (ulong)place);
            WriteRecord(ref writer, mine, told.Epochs[place]!.Value);
        }

        ContextCodec.Write(ref writer, CausalContext.OfSorted(
            ImmutableSortedDictionary.CreateRange(mine.Open.Where(one => !epochs.Contains(one.Key))),
            ImmutableSortedDictionary.CreateRange(mine.Closed.Where(one => !epochs.Contains(one.Key))),
            ImmutableSortedDictionary.CreateRange(
                FoldedIn(mine, told.Parts, digester).Where(epoch => !epochs.Contains(epoch))
                    .Select(epoch => KeyValuePair.Create(epoch, mine.Folded[epoch]))),
            mine.Claims));
    }

    /// <summary>Reads the context of a peer that answers what was told.</summary>
    /// <param name="reader">Stands at it.</param>
    /// <param name="told">What was told.</param>
    /// <param name="parts">Which folded epochs of it were told one by one.</param>
    /// <param name="digester">Makes names and hashes.</param>
    /// <param name="theirs">The context of the peer.</param>
    /// <param name="mostEntries">How much it may have to say.</param>
    /// <returns>False if it is malformed, or something was taken for something else.</returns>
    public static bool TryReadAnswer(
        ref WireReader reader, CausalContext told, FoldParts parts, RowDigester digester, out CausalContext theirs,
        int mostEntries = int.MaxValue)
    {
        theirs = CausalContext.Empty;
        var hash = new UInt128(reader.ReadUInt64(), reader.ReadUInt64());
        EpochId[] epochs = [.. ByName(told, parts, digester, out _).Values];
        var (same, changed, budget) = (epochs.ToHashSet(), CausalContext.Empty, mostEntries);
        if (!ContextCodec.TryReadCount(ref reader, 1, ref budget, out var unknown))
        {
            return false;
        }

        for (; unknown > 0; unknown--)
        {
            if (!TryReadPlace(ref reader, epochs, same, out _))
            {
                return false;
            }
        }

        if (!ContextCodec.TryReadCount(ref reader, 2, ref budget, out var different))
        {
            return false;
        }

        for (; different > 0; different--)
        {
            if (!TryReadPlace(ref reader, epochs, same, out var epoch)
                || !TryReadRecord(ref reader, epoch, ref changed, isKnown: true, ref budget))
            {
                return false;
            }
        }

        if (!ContextCodec.TryRead(ref reader, out var further, mostEntries))
        {
            return false;
        }

        theirs = RestOf(told, parts, digester).Union(further);
        theirs = EpochsOf(changed).Aggregate(theirs, (all, epoch) => Copy(changed, epoch, all));
        theirs = same.Aggregate(theirs, (all, epoch) => Copy(told, epoch, all));
        return digester.Of(theirs) == hash;
    }

    private static bool TryReadPlace(ref WireReader reader, EpochId[] epochs, HashSet<EpochId> left, out EpochId epoch)
    {
        var ok = Varint.TryRead(ref reader, out var place) && place < (ulong)epochs.Length;
        epoch = ok ? epochs[place] : default;
        return ok && left.Remove(epoch);
    }

    private static IEnumerable<EpochId> EpochsOf(CausalContext context) =>
        context.Open.Keys.Concat(context.Closed.Keys).Concat(context.Folded.Keys).Distinct();

    /// <summary>The folded epochs that are in no digest.</summary>
    private static IEnumerable<EpochId> FoldedIn(CausalContext context, FoldParts parts, RowDigester digester) =>
        parts.AreAll ? context.Folded.Keys
            : parts.AreNone ? context.Open.Keys.Where(context.Folded.ContainsKey)
            : context.Folded.Keys.Where(
                epoch => parts.Lists(digester.NameOf(epoch)) || context.Open.ContainsKey(epoch));

    /// <summary>What goes by a digest.</summary>
    private static CausalContext RestOf(CausalContext context, FoldParts parts, RowDigester digester) =>
        parts.AreAll ? CausalContext.Empty
            : context.OnlyFolded(parts.AreNone ? null : epoch => parts.Lists(digester.NameOf(epoch)));

    private static SortedDictionary<ulong, EpochId> ByName(
        CausalContext context, FoldParts parts, RowDigester digester, out bool isClear)
    {
        var epochs = new SortedDictionary<ulong, EpochId>();
        isClear = true;
        foreach (var epoch in context.Open.Keys.Concat(context.Closed.Keys)
            .Concat(FoldedIn(context, parts, digester)).Distinct())
        {
            isClear &= epochs.TryAdd(digester.NameOf(epoch), epoch);
        }

        return epochs;
    }

    private static bool IsSame(CausalContext a, CausalContext b, EpochId epoch) =>
        SeenIn(a, epoch).Equals(SeenIn(b, epoch)) && LastOf(a, epoch) == LastOf(b, epoch);

    private static SequenceSet SeenIn(CausalContext context, EpochId epoch) =>
        context.Open.GetValueOrDefault(epoch, SequenceSet.Empty);

    /// <summary>How an epoch has ended, if it has.</summary>
    private static (ulong Flags, ulong Last) LastOf(CausalContext context, EpochId epoch) =>
        context.Folded.TryGetValue(epoch, out var last) ? (FoldedFlag, last)
            : context.Closed.TryGetValue(epoch, out last) ? (ClosedFlag, last) : (0, 0);

    private static CausalContext Copy(CausalContext from, EpochId epoch, CausalContext to)
    {
        var (flags, last) = LastOf(from, epoch);
        return With(to, epoch, SeenIn(from, epoch), flags, last);
    }

    private static CausalContext With(CausalContext context, EpochId epoch, SequenceSet seen, ulong flags, ulong last)
    {
        context = context.WithSeen(epoch, seen);
        return flags == 0 ? context
            : (flags == FoldedFlag ? context.WithAll(epoch, last) : context).WithClosed(epoch, last);
    }

    private static void WriteRecord(ref WireWriter writer, CausalContext context, EpochId epoch)
    {
        var ((flags, last), seen) = (LastOf(context, epoch), SeenIn(context, epoch));
        Varint.Write(ref writer, ((ulong)seen.Ranges.Length << FlagBits) | flags);
        if (flags != 0)
        {
            Varint.Write(ref writer, last);
        }

        ContextCodec.WriteRangesAlone(ref writer, seen);
    }

    private static bool TryReadRecord(
        ref WireReader reader, EpochId epoch, ref CausalContext context, bool isKnown, ref int budget)
    {
        if (!Varint.TryRead(ref reader, out var head))
        {
            return false;
        }

        var (flags, last) = (head & (ClosedFlag | FoldedFlag), 0UL);
        if (flags > FoldedFlag || (flags != 0 && !Varint.TryRead(ref reader, out last))
            || !ContextCodec.TryReadRangesAlone(ref reader, head >> FlagBits, ref budget, out var seen))
        {
            return false;
        }

        context = isKnown ? With(context, epoch, seen, flags, last) : context;
        return !reader.Failed;
    }
}
