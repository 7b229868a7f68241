using System.Buffers.Binary;
using System.Security.Cryptography;
using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols;

/// <summary>
/// The id of a message: 32 bits that stand for its source, and 96 bits of a SHA-256 hash over every part of the message
/// that does not change on the way. A node that has the message computes its id, so forged content can never travel
/// under the id of another message.
/// </summary>
/// <param name="High">The tag of the source and the first 32 bits of the hash.</param>
/// <param name="Low">The next 64 bits of the hash.</param>
/// <remarks>An immutable value, safe on any thread.</remarks>
public readonly record struct BroadcastId(ulong High, ulong Low)
{
    /// <summary>The length on the wire, in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>Stands for the source; not unique.</summary>
    internal uint Tag => (uint)(High >> 32);

    /// <summary>The name of a message.</summary>
    internal static BroadcastId Of(in SourceKey source, ReadOnlySpan<byte> unchanging)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(unchanging, hash);
        return new(
            ((ulong)source.Tag << 32) | BinaryPrimitives.ReadUInt32BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[4..]));
    }

    internal static BroadcastId Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    /// <summary>Returns the id as 32 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
