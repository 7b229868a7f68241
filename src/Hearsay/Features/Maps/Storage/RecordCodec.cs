using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Replica;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Features.Maps.Storage;

/// <summary>
/// Replicas as records of a store.
/// <code>
/// claims    key "C"; version 1 (1 or 2), trusted 1, root 16, first removal of the log varint, how many varint,
///           with version 2 the checksums of two folded records 8 and 8 (0 for none),
///           context, floor of the log (without what is in a folded record), checksum 8
/// folded    key "F"; see <see cref="FoldedRecord"/>
/// removal   key "L", its place in the log 8; the removal
/// row       key "R", node 16, epoch 8, sequence 8, path; digest 16, content
/// </code>
/// The keys of the rows of one epoch ascend, so writes are put at the end.
/// </summary>
internal static class RecordCodec
{
    /// <summary>What the keys of claims begin with.</summary>
    public const byte Claims = (byte)'C';

    /// <summary>What the keys of removals begin with.</summary>
    public const byte Removal = (byte)'L';

    /// <summary>What the keys of rows begin with.</summary>
    public const byte Row = (byte)'R';

    private const byte Version = 1;
    private const byte VersionWithFolded = 2;
    private const int RowKeyBytes = 1 + NodeId.SizeBytes + sizeof(ulong) + sizeof(ulong);

    private static readonly KeyedHash s_checksum = new(0x4865_6172, 0x7361_7921);

    /// <summary>The key of the claims.</summary>
    public static ReadOnlyMemory<byte> ClaimsKey { get; } = new[] { Claims };

    /// <summary>The key of a removal.</summary>
    public static byte[] KeyOf(ulong place)
    {
        var key = new byte[1 + sizeof(ulong)];
        key[0] = Removal;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), place);
        return key;
    }

    /// <summary>The key of a row.</summary>
    public static byte[] KeyOf(RowClaim claim)
    {
        var path = claim.Path.Bytes;
        var key = new byte[RowKeyBytes + path.Length];
        key[0] = Row;
        claim.Dot.Epoch.Node.Write(key.AsSpan(1));
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(17), claim.Dot.Epoch.Number);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(25), claim.Dot.Sequence);
        path.CopyTo(key.AsSpan(RowKeyBytes));
        return key;
    }

    /// <summary>The value of a row.</summary>
    public static byte[] ToBytes(MapRow row, UInt128 digest)
    {
        var value = new byte[16 + RowCodec.BytesOfContent(row)];
        BinaryPrimitives.WriteUInt128BigEndian(value, digest);
        var writer = new WireWriter(value.AsSpan(16));
        RowCodec.WriteContent(ref writer, row);
        return value;
    }

    /// <summary>The value of a removal.</summary>
    public static byte[] ToBytes(LoggedRemoval removal) =>
        WireEncodings.ToBytes((ref WireWriter writer) => EventCodec.Write(ref writer, removal));

    /// <summary>The value of claims.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="firstRemoval">The place of the first removal of the log.</param>
    /// <param name="removals">How many removals the log has.</param>
    /// <param name="folded">What is in records of its own; null if nothing is.</param>
    public static byte[] ToBytes(
        ReplicaClaims claims, ulong firstRemoval, ulong removals, FoldedRecords? folded = null)
    {
        var apart = folded ?? FoldedRecords.None;
        var bytes = WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            writer.WriteByte(apart.AreNone ? Version : VersionWithFolded);
            writer.WriteByte(claims.IsTrusted ? (byte)1 : (byte)0);
            writer.WriteUInt64((ulong)(claims.Root >> 64));
            writer.WriteUInt64((ulong)claims.Root);
            Varint.Write(ref writer, firstRemoval);
            Varint.Write(ref writer, removals);
            if (!apart.AreNone)
            {
                writer.WriteUInt64(apart.Seen.Checksum);
                writer.WriteUInt64(apart.Floor.Checksum);
            }

            Write(ref writer, claims.Context, apart.Seen);
            Write(ref writer, claims.LogFloor, apart.Floor);
            writer.WriteUInt64(0);
        });
        var checksum = bytes.AsSpan(bytes.Length - sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(checksum, s_checksum.Of(bytes.AsSpan(0, bytes.Length - sizeof(ulong))));
        return bytes;
    }

    /// <summary>Reads claims, without their log; false if they are not as they were written.</summary>
    /// <param name="bytes">The value.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="firstRemoval">The place of the first removal of the log.</param>
    /// <param name="removals">How many removals the log has.</param>
    /// <param name="folded">What was read of records of its own; null if there were none.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ReplicaClaims? claims, out ulong firstRemoval,
        out ulong removals, FoldedRecords? folded = null)
    {
        (claims, firstRemoval, removals) = (null, 0, 0);
        if (bytes.Length < sizeof(ulong) || BinaryPrimitives.ReadUInt64BigEndian(bytes[^sizeof(ulong)..])
            != s_checksum.Of(bytes[..^sizeof(ulong)]))
        {
            return false;
        }

        var reader = new WireReader(bytes);
        var version = reader.ReadByte();
        if (version is not (Version or VersionWithFolded))
        {
            return false;
        }

        var isTrusted = reader.ReadByte() == 1;
        var root = new UInt128(reader.ReadUInt64(), reader.ReadUInt64());
        if (!Varint.TryRead(ref reader, out firstRemoval) || !Varint.TryRead(ref reader, out removals)
            || !TryReadChecksums(ref reader, version, out var ofSeen, out var ofFloor)
            || !TryRead(ref reader, ofSeen, folded?.Seen, out var context)
            || !TryRead(ref reader, ofFloor, folded?.Floor, out var floor))
        {
            return false;
        }

        claims = new ReplicaClaims(context, isTrusted, root, ImmutableQueue<LoggedRemoval>.Empty, floor);
        return true;
    }

    /// <summary>Reads a removal; false if it is not one.</summary>
    public static bool TryReadRemoval(in MapRecord record, out ulong place, [NotNullWhen(true)] out LoggedRemoval? one)
    {
        (place, one) = (0, null);
        if (record.Key.Length != 1 + sizeof(ulong))
        {
            return false;
        }

        place = BinaryPrimitives.ReadUInt64BigEndian(record.Key.Span[1..]);
        var reader = new WireReader(record.Value.Span);
        return EventCodec.TryRead(ref reader, out one!);
    }

    /// <summary>Reads a row; false if it is not one. Whether its digest holds is for the reader to see.</summary>
    public static bool TryReadRow(in MapRecord record, [NotNullWhen(true)] out MapRow? row, out UInt128 digest)
    {
        (row, digest) = (null, 0);
        var key = record.Key.Span;
        var value = record.Value.Span;
        if (key.Length <= RowKeyBytes || value.Length < 16 || !RowPath.TryCreate(key[RowKeyBytes..], out var path))
        {
            return false;
        }

        var epoch = new EpochId(NodeId.Read(key[1..]), BinaryPrimitives.ReadUInt64BigEndian(key[17..]));
        var dot = new Dot(epoch, BinaryPrimitives.ReadUInt64BigEndian(key[25..]));
        digest = BinaryPrimitives.ReadUInt128BigEndian(value);
        var reader = new WireReader(value[16..]);
        return dot.Sequence != 0 && !epoch.Node.IsNone
            && RowCodec.TryReadContent(ref reader, path, dot, record.Value[16..], out row);
    }

    private static void Write(ref WireWriter writer, CausalContext context, FoldedRecord folded)
    {
        if (folded.Checksum == 0)
        {
            ContextCodec.Write(ref writer, context);
        }
        else
        {
            ContextCodec.WriteButFolded(ref writer, context);
        }
    }

    private static bool TryReadChecksums(ref WireReader reader, byte version, out ulong ofSeen, out ulong ofFloor)
    {
        (ofSeen, ofFloor) = version == Version ? (0, 0) : (reader.ReadUInt64(), reader.ReadUInt64());
        return !reader.Failed;
    }

    /// <summary>Reads a context; false also if its folded epochs are in a record that is not there.</summary>
    private static bool TryRead(
        ref WireReader reader, ulong checksum, FoldedRecord? folded, out CausalContext context)
    {
        if (!ContextCodec.TryRead(ref reader, out context) || (checksum != 0 && folded?.Checksum != checksum))
        {
            return false;
        }

        context = checksum == 0 ? context : folded!.In(context);
        return true;
    }
}
