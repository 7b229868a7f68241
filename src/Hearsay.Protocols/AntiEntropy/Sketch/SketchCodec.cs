using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>
/// Cells on the wire.
/// <code>
/// chunk   items varint        how many symbols the sender's set has
///         first varint        the number of the first cell
///         check bytes 1       4 or 8
///         cells varint        how many follow
///         cells
/// cell    sum 8, check 4 or 8 (its low bytes), count minus expected count: signed varint
/// </code>
/// The expected count of cell i is items x 8 (i + 1) / (2 i + 3)², rounded down, and all items for cell 0. That is
/// exactly how often the mapping meets cell i, so what is sent is small: one byte or two.
/// </summary>
internal static class SketchCodec
{
    /// <summary>The greatest size of a set: enough for any, and expected counts stay within 64 bits.</summary>
    public const long MostItems = 1L << 43;

    /// <summary>How many symbols cell <paramref name="index"/> of a set holds on average.</summary>
    public static long ExpectedCount(long items, long index) =>
        index == 0 ? items : 8 * items * (index + 1) / (((2 * index) + 3) * ((2 * index) + 3));

    /// <summary>Writes a chunk of cells as far as they fit.</summary>
    /// <returns>How many cells were written; 0 and nothing written if not one fits.</returns>
    public static int WriteChunk(
        ref WireWriter writer, SketchSnapshot sketch, int first, int count, int checkBytes)
    {
        var start = writer.Position;
        var fitting = Math.Min(count, FittingCells(writer.Room, sketch, first, count, checkBytes));
        if (fitting <= 0)
        {
            return 0;
        }

        Varint.Write(ref writer, (ulong)sketch.Items);
        Varint.Write(ref writer, (ulong)first);
        writer.WriteByte((byte)checkBytes);
        Varint.Write(ref writer, (ulong)fitting);
        for (var index = first; index < first + fitting; index++)
        {
            WriteCell(ref writer, sketch.Cells[index], sketch.Items, index, checkBytes);
        }

        if (writer.Failed)
        {
            writer.Rewind(start);
            return 0;
        }

        return fitting;
    }

    /// <summary>Writes one cell.</summary>
    public static void WriteCell(ref WireWriter writer, in SketchCell cell, long items, int index, int checkBytes)
    {
        writer.WriteUInt64(cell.Sum);
        if (checkBytes == sizeof(ulong))
        {
            writer.WriteUInt64(cell.Check);
        }
        else
        {
            writer.WriteUInt32((uint)cell.Check);
        }

        Varint.WriteSigned(ref writer, unchecked(cell.Count - ExpectedCount(items, index)));
    }

    /// <summary>Reads the head of a chunk; the reader then stands at its first cell.</summary>
    /// <returns>False if it is cut short or names more than there can be.</returns>
    public static bool TryReadHead(ref WireReader reader, int prefixCells, out SketchChunkHead head)
    {
        head = default;
        if (!Varint.TryRead(ref reader, out var items) || items > MostItems
            || !Varint.TryRead(ref reader, out var first) || first >= (ulong)prefixCells)
        {
            return false;
        }

        int checkBytes = reader.ReadByte();
        if (checkBytes is not (sizeof(uint) or sizeof(ulong)) || !Varint.TryRead(ref reader, out var count)
            || count == 0 || count > (ulong)prefixCells - first
            || count * (ulong)LeastCellBytes(checkBytes) > (ulong)reader.Rest.Length)
        {
            return false;
        }

        head = new SketchChunkHead((long)items, (int)first, checkBytes, (int)count);
        return true;
    }

    /// <summary>Reads the next cell of a chunk; false if it is cut short or malformed.</summary>
    public static bool TryReadCell(
        ref WireReader reader, in SketchChunkHead head, int index, out SketchCell cell)
    {
        var sum = reader.ReadUInt64();
        var check = head.CheckBytes == sizeof(ulong) ? reader.ReadUInt64() : reader.ReadUInt32();
        var ok = Varint.TryReadSigned(ref reader, out var surplus) && !reader.Failed;
        cell = new SketchCell(sum, check, unchecked(surplus + ExpectedCount(head.Items, index)));
        return ok;
    }

    /// <summary>The bytes of a cell as they are sent.</summary>
    public static int BytesOf(in SketchCell cell, long items, int index, int checkBytes)
    {
        var surplus = unchecked(cell.Count - ExpectedCount(items, index));
        return sizeof(ulong) + checkBytes + Varint.BytesOf((ulong)((surplus << 1) ^ (surplus >> 63)));
    }

    /// <summary>The bytes of the head of a chunk.</summary>
    public static int HeadBytesOf(long items, int first, int count) =>
        Varint.BytesOf((ulong)items) + Varint.BytesOf((ulong)first) + 1 + Varint.BytesOf((ulong)count);

    private static int LeastCellBytes(int checkBytes) => sizeof(ulong) + checkBytes + 1;

    private static int FittingCells(int room, SketchSnapshot sketch, int first, int count, int checkBytes)
    {
        room -= HeadBytesOf(sketch.Items, first, count);
        var last = Math.Min((long)first + count, sketch.Cells.Length);
        var index = first;
        for (; index < last; index++)
        {
            room -= BytesOf(sketch.Cells[index], sketch.Items, index, checkBytes);
            if (room < 0)
            {
                break;
            }
        }

        return index - first;
    }
}
