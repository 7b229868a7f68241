using System.Buffers.Binary;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>What one epoch of one node has added to a counter and subtracted from it. Both only grow.</summary>
/// <param name="Added">The sum of what was added.</param>
/// <param name="Subtracted">The sum of what was subtracted.</param>
internal readonly record struct CounterShare(ulong Added, ulong Subtracted)
{
    /// <summary>The bytes of a share as the value of a row.</summary>
    public const int SizeBytes = 2 * sizeof(ulong);

    /// <summary>What it contributes to the counter.</summary>
    public long Value => unchecked((long)(Added - Subtracted));

    /// <summary>The share of a row's value; none of both if it is malformed.</summary>
    public static CounterShare Read(ReadOnlySpan<byte> value) => value.Length != SizeBytes ? default : new(
        BinaryPrimitives.ReadUInt64BigEndian(value), BinaryPrimitives.ReadUInt64BigEndian(value[8..]));

    /// <summary>With an amount added, or subtracted if it is below zero.</summary>
    public CounterShare With(long amount) => amount >= 0
        ? this with { Added = unchecked(Added + (ulong)amount) }
        : this with { Subtracted = unchecked(Subtracted + (ulong)-amount) };

    /// <summary>As the value of a row.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Added);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Subtracted);
        return bytes;
    }
}
