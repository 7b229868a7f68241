using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>
/// Differences of contexts on the wire. The base is not sent: the receiver knows which context it told.
/// <code>
/// head     context (in answer to what was told briefly: see <see cref="BriefContext"/>), removals varint, removals,
///          touched paths varint, touched paths
/// touched  flags 1 (1 what is beneath the path too), path, rows varint, for each:
///          dot, and with flag 1 its path
/// rows     rows, up to the end
/// </code>
/// </summary>
internal static class DifferenceCodec
{
    private const byte ScopeFlag = 1;
    private const int LeastTouchedBytes = 5;

    /// <summary>The bytes of everything but the rows.</summary>
    /// <param name="difference">The difference.</param>
    /// <param name="told">The base, if it was told briefly; null if it was told in full.</param>
    /// <param name="digester">Makes hashes.</param>
    public static byte[] HeadOf(
        ContextDifference difference, BriefTold? told = null, RowDigester digester = default) =>
        WireEncodings.ToBytes((ref WireWriter writer) =>
    {
        if (told is null)
        {
            ContextCodec.Write(ref writer, difference.Context);
        }
        else
        {
            BriefContext.WriteAnswer(ref writer, difference.Context, told, digester);
        }

        Varint.Write(ref writer, (ulong)difference.Removals.Count);
        foreach (var removal in difference.Removals)
        {
            EventCodec.Write(ref writer, removal);
        }

        Varint.Write(ref writer, (ulong)difference.Touched.Count);
        foreach (var touched in difference.Touched)
        {
            Write(ref writer, touched);
        }
    });

    /// <summary>Reads a difference.</summary>
    /// <param name="bytes">Head and rows.</param>
    /// <param name="told">The context that this replica told.</param>
    /// <param name="digester">Makes names, if it was told briefly; null if it was told in full.</param>
    /// <param name="difference">What it lacks.</param>
    /// <param name="parts">If it was told briefly: which folded epochs were told one by one.</param>
    /// <param name="mostEntries">How much the context of the peer may have to say.</param>
    /// <returns>
    /// False if it is malformed: cut short, beyond the bounds, or with a row or a removal that its own context does not
    /// cover.
    /// </returns>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, CausalContext told, RowDigester? digester, out ContextDifference difference,
        FoldParts? parts = null, int mostEntries = int.MaxValue)
    {
        difference = null!;
        var reader = new WireReader(bytes);
        CausalContext context;
        if (!(digester is { } names
                ? BriefContext.TryReadAnswer(
                    ref reader, told, parts ?? FoldParts.All, names, out context, mostEntries)
                : ContextCodec.TryRead(ref reader, out context, mostEntries))
            || !TryReadRemovals(ref reader, context, out var removals)
            || !TryReadTouched(ref reader, out var touched) || !TryReadRows(ref reader, context, out var rows))
        {
            return false;
        }

        difference = new ContextDifference(told, context, rows, removals, touched);
        return true;
    }

    /// <summary>Reads rows up to the end.</summary>
    /// <param name="reader">Stands at the first.</param>
    /// <param name="context">What the sender has seen: it must cover every row.</param>
    /// <param name="rows">The rows.</param>
    /// <returns>False if one is cut short or malformed, or is not covered.</returns>
    public static bool TryReadRows(ref WireReader reader, CausalContext context, out List<MapRow> rows)
    {
        rows = [];
        while (!reader.Rest.IsEmpty)
        {
            if (!RowCodec.TryRead(ref reader, out var row) || !context.Covers(row.Dot, row.Path))
            {
                return false;
            }

            rows.Add(row);
        }

        return !reader.Failed;
    }

    private static void Write(ref WireWriter writer, TouchedPath touched)
    {
        writer.WriteByte(touched.IsScope ? ScopeFlag : (byte)0);
        DotCodec.Write(ref writer, touched.Path);
        Varint.Write(ref writer, (ulong)touched.Live.Count);
        foreach (var claim in touched.Live)
        {
            DotCodec.Write(ref writer, claim.Dot);
            if (touched.IsScope)
            {
                DotCodec.Write(ref writer, claim.Path);
            }
        }
    }

    private static bool TryReadRemovals(
        ref WireReader reader, CausalContext context, out List<LoggedRemoval> removals)
    {
        removals = [];
        if (!DotCodec.TryReadCount(
            ref reader, EventCodec.LeastRemovalBytes, int.MaxValue, out var count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!EventCodec.TryRead(ref reader, out LoggedRemoval removal) || !context.Covers(removal.Dot))
            {
                return false;
            }

            removals.Add(removal);
        }

        return true;
    }

    private static bool TryReadTouched(ref WireReader reader, out List<TouchedPath> touched)
    {
        touched = [];
        if (!DotCodec.TryReadCount(ref reader, LeastTouchedBytes, int.MaxValue, out var count))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            var flags = reader.ReadByte();
            if (flags > ScopeFlag || !DotCodec.TryRead(ref reader, out RowPath path)
                || !DotCodec.TryReadCount(ref reader, DotCodec.LeastBytes, int.MaxValue, out var rows))
            {
                return false;
            }

            var live = new RowClaim[rows];
            for (var i = 0; i < rows; i++)
            {
                var at = path;
                if (!DotCodec.TryRead(ref reader, out Dot dot)
                    || (flags != 0 && (!DotCodec.TryRead(ref reader, out at) || !at.IsWithin(path))))
                {
                    return false;
                }

                live[i] = new RowClaim(dot, at);
            }

            touched.Add(new TouchedPath(path, flags != 0, live));
        }

        return true;
    }
}
