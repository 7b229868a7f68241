using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>
/// Events and removals on the wire.
/// <code>
/// event    dot, entries varint, entries, closed epochs varint, closed epochs
/// closed   number 8 (an epoch of the same node), last number varint
/// entry    flags 1 (1 what is beneath the path too, 2 with a row), path, dots varint, dots that it replaces,
///          with a row: its content
/// removal  dot, entry
/// </code>
/// </summary>
internal static class EventCodec
{
    /// <summary>The most entries of an event that is read, and the most epochs that it closes.</summary>
    public const int MostEntries = 1_024;

    /// <summary>The most dots that one entry replaces.</summary>
    public const int MostReplaced = 65_536;

    /// <summary>The bytes of the shortest removal.</summary>
    public const int LeastRemovalBytes = DotCodec.LeastBytes + LeastEntryBytes;

    private const int LeastEntryBytes = 5;
    private const byte ScopeFlag = 1;
    private const byte RowFlag = 2;

    /// <summary>Writes an event.</summary>
    public static void Write(ref WireWriter writer, MapEvent one)
    {
        DotCodec.Write(ref writer, one.Dot);
        Varint.Write(ref writer, (ulong)one.Entries.Count);
        foreach (var entry in one.Entries)
        {
            Write(ref writer, entry);
        }

        Varint.Write(ref writer, (ulong)one.Closed.Count);
        foreach (var (epoch, last) in one.Closed)
        {
            writer.WriteUInt64(epoch.Number);
            Varint.Write(ref writer, last);
        }
    }

    /// <summary>Reads an event; false if it is cut short, malformed or beyond the bounds.</summary>
    public static bool TryRead(ref WireReader reader, out MapEvent one)
    {
        one = null!;
        if (!DotCodec.TryRead(ref reader, out Dot dot)
            || !DotCodec.TryReadCount(ref reader, LeastEntryBytes, MostEntries, out var count))
        {
            return false;
        }

        var entries = new EventEntry[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryRead(ref reader, dot, out entries[i]))
            {
                return false;
            }
        }

        if (!DotCodec.TryReadCount(ref reader, sizeof(ulong) + 1, MostEntries, out count))
        {
            return false;
        }

        var closed = new KeyValuePair<EpochId, ulong>[count];
        for (var i = 0; i < count; i++)
        {
            var epoch = new EpochId(dot.Epoch.Node, reader.ReadUInt64());
            if (!Varint.TryRead(ref reader, out var last))
            {
                return false;
            }

            closed[i] = new(epoch, last);
        }

        one = new MapEvent(dot, entries, closed);
        return true;
    }

    /// <summary>Writes a removal of the log.</summary>
    public static void Write(ref WireWriter writer, LoggedRemoval removal)
    {
        DotCodec.Write(ref writer, removal.Dot);
        Write(ref writer, removal.Entry);
    }

    /// <summary>Reads a removal of the log; false if it is cut short or malformed, or writes something.</summary>
    public static bool TryRead(ref WireReader reader, out LoggedRemoval removal)
    {
        removal = null!;
        if (!DotCodec.TryRead(ref reader, out Dot dot) || !TryRead(ref reader, dot, out var entry)
            || entry.Row is not null)
        {
            return false;
        }

        removal = new LoggedRemoval(dot, entry);
        return true;
    }

    private static void Write(ref WireWriter writer, EventEntry entry)
    {
        writer.WriteByte((byte)((entry.IsScope ? ScopeFlag : 0) | (entry.Row is null ? 0 : RowFlag)));
        DotCodec.Write(ref writer, entry.Path);
        Varint.Write(ref writer, (ulong)entry.Replaced.Count);
        foreach (var dot in entry.Replaced)
        {
            DotCodec.Write(ref writer, dot);
        }

        if (entry.Row is { } row)
        {
            RowCodec.WriteContent(ref writer, row);
        }
    }

    private static bool TryRead(ref WireReader reader, Dot dot, out EventEntry entry)
    {
        entry = null!;
        var flags = reader.ReadByte();
        if (reader.Failed || flags > (ScopeFlag | RowFlag) || !DotCodec.TryRead(ref reader, out RowPath path)
            || !DotCodec.TryReadCount(ref reader, DotCodec.LeastBytes, MostReplaced, out var count))
        {
            return false;
        }

        var replaced = new Dot[count];
        for (var i = 0; i < count; i++)
        {
            if (!DotCodec.TryRead(ref reader, out replaced[i]))
            {
                return false;
            }
        }

        MapRow? row = null;
        if ((flags & RowFlag) != 0 && !RowCodec.TryReadContent(ref reader, path, dot, out row))
        {
            return false;
        }

        entry = new EventEntry(path, (flags & ScopeFlag) != 0, replaced, row);
        return true;
    }
}
