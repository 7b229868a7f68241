using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>
/// Rows on the wire.
/// <code>
/// row    path, dot, content
/// content  kind 1 (with 128: the event did nothing else), stamp varint, expiry signed varint,
///          length of the value varint, value
/// </code>
/// </summary>
internal static class RowCodec
{
    /// <summary>The longest value that is read, in bytes.</summary>
    public const int MostValueBytes = 1 << 20;

    /// <summary>The bytes of the shortest row.</summary>
    public const int LeastBytes = 3 + DotCodec.LeastBytes + LeastContentBytes;

    /// <summary>The bytes of the shortest content.</summary>
    public const int LeastContentBytes = 4;

    private const byte WholeFlag = 0x80;

    /// <summary>Writes a row.</summary>
    public static void Write(ref WireWriter writer, MapRow row)
    {
        DotCodec.Write(ref writer, row.Path);
        DotCodec.Write(ref writer, row.Dot);
        WriteContent(ref writer, row);
    }

    /// <summary>Reads a row; false if it is cut short, malformed or too long.</summary>
    public static bool TryRead(ref WireReader reader, out MapRow row)
    {
        row = null!;
        return DotCodec.TryRead(ref reader, out RowPath path) && DotCodec.TryRead(ref reader, out Dot dot)
            && TryReadContent(ref reader, path, dot, out row);
    }

    /// <summary>How many bytes a row takes.</summary>
    public static int BytesOf(MapRow row) =>
        DotCodec.BytesOf(row.Path) + DotCodec.BytesOf(row.Dot) + BytesOfContent(row);

    /// <summary>How many bytes its content takes.</summary>
    public static int BytesOfContent(MapRow row) => 1 + Varint.BytesOf(row.Stamp)
        + Varint.BytesOf(Folded(row.Expiry)) + Varint.BytesOf((ulong)row.Value.Length) + row.Value.Length;

    /// <summary>Writes what a row is beside its path and its dot.</summary>
    public static void WriteContent(ref WireWriter writer, MapRow row)
    {
        writer.WriteByte((byte)((byte)row.Kind | (row.IsWhole ? WholeFlag : 0)));
        Varint.Write(ref writer, row.Stamp);
        Varint.WriteSigned(ref writer, row.Expiry);
        Varint.Write(ref writer, (ulong)row.Value.Length);
        writer.WriteBytes(row.Value.Span);
    }

    /// <summary>Reads what a row is beside its path and its dot; the value is copied.</summary>
    public static bool TryReadContent(ref WireReader reader, RowPath path, Dot dot, out MapRow row) =>
        TryReadContent(ref reader, path, dot, default, out row);

    /// <summary>Reads what a row is beside its path and its dot.</summary>
    /// <param name="reader">Stands at the content.</param>
    /// <param name="path">The path.</param>
    /// <param name="dot">The dot.</param>
    /// <param name="content">What is read, if the row may keep a part of it; else the value is copied.</param>
    /// <param name="row">The row.</param>
    public static bool TryReadContent(
        ref WireReader reader, RowPath path, Dot dot, ReadOnlyMemory<byte> content, out MapRow row)
    {
        row = null!;
        var flags = reader.ReadByte();
        var kind = (RowKind)(flags & ~WholeFlag);
        if (reader.Failed || kind is < RowKind.Register or > RowKind.Flag
            || !Varint.TryRead(ref reader, out var stamp) || !Varint.TryReadSigned(ref reader, out var expiry)
            || expiry < 0 || !DotCodec.TryReadCount(ref reader, 1, MostValueBytes, out var length))
        {
            return false;
        }

        var read = reader.ReadBytes(length);
        ReadOnlyMemory<byte> value = content.IsEmpty
            ? read.ToArray() : content.Slice(content.Length - reader.Rest.Length - length, length);
        row = new MapRow(path, dot, kind, stamp, expiry, (flags & WholeFlag) != 0, value);
        return true;
    }

    private static ulong Folded(long value) => (ulong)((value << 1) ^ (value >> 63));
}
