using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Features.Maps.Asking;

/// <summary>
/// The pieces of an answer, each a length of 4 bytes and as many bytes.
/// <code>
/// entry    1, flags 1 (1 of the state at the beginning), rows varint, path; as many rows follow
/// row      2, row
/// removed  3, path
/// lagged   4, changes missed varint
/// key      5, path
/// status   6, flags 1 (1 trusted, 2 compared), keys varint, rows varint, bytes varint, root 16, context hash 16
/// written  7, changed 1, node ids
/// lines    8, lines varint
/// refused  9, <see cref="MapRefusal"/> 1, why in UTF-8
/// </code>
/// </summary>
internal static class MapPiece
{
    /// <summary>The bytes of a length.</summary>
    public const int LengthBytes = sizeof(uint);

    /// <summary>The longest piece: a row with a value of full length.</summary>
    public const int LongestBytes = RowCodec.MostValueBytes + (16 * MapOptions.LongestKeyBytes);

    /// <summary>The most rows of an entry that is read.</summary>
    public const int MostRows = 1 << 20;

    /// <summary>What is under a key begins.</summary>
    public const byte Entry = 1;

    /// <summary>A row of it.</summary>
    public const byte Row = 2;

    /// <summary>A key was removed.</summary>
    public const byte Removed = 3;

    /// <summary>Changes were missed.</summary>
    public const byte Lagged = 4;

    /// <summary>A key, without what it has.</summary>
    public const byte Key = 5;

    /// <summary>How much there is.</summary>
    public const byte Status = 6;

    /// <summary>What became of a write.</summary>
    public const byte Written = 7;

    /// <summary>How many lines were read.</summary>
    public const byte Lines = 8;

    /// <summary>Why not.</summary>
    public const byte Refused = 9;

    /// <summary>A flag of an entry: it is of the state at the beginning.</summary>
    public const byte StateFlag = 1;

    /// <summary>So much is told of why not.</summary>
    private const int MostRefusalChars = 300;

    private const int DigestBytes = 16;
    private const byte TrustedFlag = 1;
    private const byte ComparedFlag = 2;

    private delegate void Fill(ref WireWriter writer);

    /// <summary>What a key has.</summary>
    public static IEnumerable<byte[]> Of(MapEntry entry, bool isState = false)
    {
        yield return Of(Entry, 16 + entry.Path.Bytes.Length, (ref WireWriter writer) =>
        {
            writer.WriteByte(isState ? StateFlag : (byte)0);
            Varint.Write(ref writer, (ulong)entry.RowCount);
            DotCodec.Write(ref writer, entry.Path);
        });
        foreach (var row in entry.Rows)
        {
            yield return Of(Row, RowCodec.BytesOf(row), (ref WireWriter writer) => RowCodec.Write(ref writer, row));
        }
    }

    /// <summary>A change.</summary>
    public static IEnumerable<byte[]> Of(MapUpdate update) => update.IsLagged
        ? [Of(Lagged, 10, (ref WireWriter writer) => Varint.Write(ref writer, (ulong)update.Missed))]
        : update.Entry is { } entry ? Of(entry, update.IsState)
        : [OfPath(Removed, RowPath.Of(Encoding.UTF8.GetBytes(update.Key)))];

    /// <summary>A key.</summary>
    public static byte[] OfKey(MapEntry entry) => OfPath(Key, entry.Path);

    /// <summary>How much there is.</summary>
    public static byte[] Of(MapStatus status) => Of(Status, 64, (ref WireWriter writer) =>
    {
        writer.WriteByte((byte)((status.IsTrusted ? TrustedFlag : 0) | (status.IsCompared ? ComparedFlag : 0)));
        Varint.Write(ref writer, (ulong)status.Keys);
        Varint.Write(ref writer, (ulong)status.Rows);
        Varint.Write(ref writer, (ulong)status.SizeBytes);
        writer.WriteBytes(Digest(status.Root));
        writer.WriteBytes(Digest(status.ContextHash));
    });

    /// <summary>Reads <see cref="Status"/>; null if it is malformed.</summary>
    public static MapStatus? ReadStatus(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var flags = reader.ReadByte();
        if (!Varint.TryRead(ref reader, out var keys) || !Varint.TryRead(ref reader, out var rows)
            || !Varint.TryRead(ref reader, out var size) || keys > int.MaxValue || rows > int.MaxValue
            || size > long.MaxValue)
        {
            return null;
        }

        var root = Convert.ToHexStringLower(reader.ReadBytes(DigestBytes));
        var hash = Convert.ToHexStringLower(reader.ReadBytes(DigestBytes));
        return reader.Failed ? null : new MapStatus(
            (int)keys, (int)rows, (long)size, root, hash, (flags & TrustedFlag) != 0, (flags & ComparedFlag) != 0);
    }

    /// <summary>What became of a write.</summary>
    public static byte[] Of(MapWrite written) => Of(
        Written, 1 + (written.Nodes.Count * NodeId.SizeBytes), (ref WireWriter writer) =>
        {
            writer.WriteByte(written.IsChanged ? (byte)1 : (byte)0);
            foreach (var node in written.Nodes)
            {
                writer.WriteNodeId(node);
            }
        });

    /// <summary>Reads <see cref="Written"/>; null if it is malformed.</summary>
    public static MapWrite? ReadWritten(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length % NodeId.SizeBytes != 1)
        {
            return null;
        }

        var reader = new WireReader(bytes);
        var isChanged = reader.ReadByte() != 0;
        var nodes = new NodeId[bytes.Length / NodeId.SizeBytes];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = reader.ReadNodeId();
        }

        return new MapWrite(isChanged, nodes);
    }

    /// <summary>How many lines were read.</summary>
    public static byte[] OfLines(long lines) =>
        Of(Lines, 10, (ref WireWriter writer) => Varint.Write(ref writer, (ulong)lines));

    /// <summary>Why not.</summary>
    public static byte[] Of(MapRefusal refusal, string why)
    {
        var text = Encoding.UTF8.GetBytes(why.Length > MostRefusalChars ? why[..MostRefusalChars] : why);
        return Of(Refused, 1 + text.Length, (ref WireWriter writer) =>
        {
            writer.WriteByte((byte)refusal);
            writer.WriteBytes(text);
        });
    }

    private static byte[] OfPath(byte kind, RowPath path) =>
        Of(kind, DotCodec.BytesOf(path), (ref WireWriter writer) => DotCodec.Write(ref writer, path));

    private static byte[] Digest(string hex)
    {
        var bytes = new byte[DigestBytes];
        BinaryPrimitives.WriteUInt128BigEndian(
            bytes, hex.Length == 0 ? 0 : UInt128.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return bytes;
    }

    private static byte[] Of(byte kind, int room, Fill fill)
    {
        var buffer = new byte[LengthBytes + 1 + room];
        var writer = new WireWriter(buffer);
        writer.WriteUInt32(0);
        writer.WriteByte(kind);
        fill(ref writer);
        BinaryPrimitives.WriteUInt32BigEndian(buffer, (uint)(writer.Position - LengthBytes));
        return writer.Position == buffer.Length ? buffer : writer.Written.ToArray();
    }
}
