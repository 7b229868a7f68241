using System.Buffers;
using System.Buffers.Binary;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.Core;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>
/// The digest of a row: 128 bits of all its fields and a secret of the cluster, as two SipHash-2-4 of unrelated keys.
/// </summary>
/// <remarks>
/// The root of a replica is the sum of the digests of its rows. Sums of 128 bits keep outsiders out, who do not know
/// the key; a member that lies could find rows of equal sums. Thread safe.
/// </remarks>
internal readonly struct RowDigester
{
    private const int FixedBytes = 4 + 32 + 1 + 8 + 8 + 1;
    private const int StackBytes = 512;

    private readonly KeyedHash _high;
    private readonly KeyedHash _low;

    /// <summary>Digests under a secret.</summary>
    /// <param name="key0">The first half of the secret.</param>
    /// <param name="key1">The second half.</param>
    public RowDigester(ulong key0, ulong key1) => (_high, _low) =
        (new(SeededRandom.Mix(key0 ^ 1), SeededRandom.Mix(key1 ^ 2)),
            new(SeededRandom.Mix(key0 ^ 3), SeededRandom.Mix(key1 ^ 4)));

    /// <summary>The digest of some bytes that are no row.</summary>
    public UInt128 Of(ReadOnlySpan<byte> bytes) => new(_high.Of(bytes), _low.Of(bytes));

    /// <summary>128 bits that tell whether two contexts are equal.</summary>
    /// <remarks>Of folded epochs it has only their digest, so that it need not go through them every time.</remarks>
    public UInt128 Of(CausalContext context)
    {
        if (context.Folded.IsEmpty)
        {
            return Of(ContextCodec.ToBytes(context));
        }

        var total = FoldDigests.Total(context, this);
        return Of(WireEncodings.ToBytes((ref WireWriter writer) =>
        {
            ContextCodec.WriteButFolded(ref writer, context);
            writer.WriteUInt64((ulong)(total >> 64));
            writer.WriteUInt64((ulong)total);
        }));
    }

    /// <summary>The digest of an epoch and its last number.</summary>
    public UInt128 Of(EpochId epoch, ulong last)
    {
        Span<byte> bytes = stackalloc byte[EpochId.SizeBytes + sizeof(ulong)];
        epoch.Node.Write(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[NodeId.SizeBytes..], epoch.Number);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[EpochId.SizeBytes..], last);
        return Of(bytes);
    }

    /// <summary>A short name of an epoch, of <see cref="BriefContext.NameBits"/> bits.</summary>
    public ulong NameOf(EpochId epoch)
    {
        Span<byte> bytes = stackalloc byte[EpochId.SizeBytes];
        epoch.Node.Write(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[NodeId.SizeBytes..], epoch.Number);
        return _low.Of(bytes) >> (64 - BriefContext.NameBits);
    }

    /// <summary>The digest of a row.</summary>
    public UInt128 Of(MapRow row)
    {
        var path = row.Path.Bytes;
        var value = row.Value.Span;
        var length = FixedBytes + path.Length + value.Length;
        byte[]? rented = null;
        var buffer = length <= StackBytes
            ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(length);
        BinaryPrimitives.WriteInt32BigEndian(buffer, path.Length);
        path.CopyTo(buffer[4..]);
        var rest = buffer[(4 + path.Length)..];
        row.Dot.Epoch.Node.Write(rest);
        BinaryPrimitives.WriteUInt64BigEndian(rest[16..], row.Dot.Epoch.Number);
        BinaryPrimitives.WriteUInt64BigEndian(rest[24..], row.Dot.Sequence);
        rest[32] = (byte)row.Kind;
        BinaryPrimitives.WriteUInt64BigEndian(rest[33..], row.Stamp);
        BinaryPrimitives.WriteInt64BigEndian(rest[41..], row.Expiry);
        rest[49] = row.IsWhole ? (byte)1 : (byte)0;
        value.CopyTo(rest[50..]);
        var digest = Of(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return digest;
    }
}
