using System.Buffers.Binary;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What one epoch of one node has added to a counter and subtracted from it. Both only grow.</summary>
/// <param name="Added">The sum of what was added.</param>
/// <param name="Subtracted">The sum of what was subtracted.</param>
internal readonly record struct CounterShare(ulong Added, ulong Subtracted)
{
    /// <summary>The bytes of a share as the value of a row.</summary>
    public const int SizeBytes = 2 * sizeof(ulong);

    /// <summary>What it contributes to the counter. Less than 2^64 in amount, so sums of them cannot wrap.</summary>
    public Int128 Value => (Int128)Added - Subtracted;

    /// <summary>The share of a row's value; none of both if it is malformed.</summary>
    public static CounterShare Read(ReadOnlySpan<byte> value) => value.Length != SizeBytes ? default : new(
        BinaryPrimitives.ReadUInt64BigEndian(value), BinaryPrimitives.ReadUInt64BigEndian(value[8..]));

    /// <summary>With an amount added, or subtracted if it is below zero; null if one of the sums has no room for it.
    /// </summary>
    public CounterShare? With(long amount)
    {
        var size = amount >= 0 ? (ulong)amount : unchecked((ulong)-amount);
        var before = amount >= 0 ? Added : Subtracted;
        return size > ulong.MaxValue - before ? null
            : amount >= 0 ? this with { Added = before + size } : this with { Subtracted = before + size };
    }

    /// <summary>As the value of a row.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Added);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Subtracted);
        return bytes;
    }

    /// <summary>A sum of shares as a number of 64 bits: the greatest or least one if it is beyond.</summary>
    public static long Shown(Int128 sum) => (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);
}
