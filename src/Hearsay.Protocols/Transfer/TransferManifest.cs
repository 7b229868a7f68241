using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hearsay.Protocols.Transfer;

/// <summary>What is broadcast of a large message: its length, that of its chunks, and their hashes.</summary>
internal readonly ref struct TransferManifest
{
    public const int HashBytes = 16;
    public const int HeaderBytes = 8;
    public const int MaximumChunks = 2048;

    /// <summary>The least room that a message takes of which anything is here: its lists need some.</summary>
    public const int LeastRoomBytes = 4096;

    private const int LongestChunk = 60_000;
    private const int LongestMessage = 16 << 20;

    public int TotalBytes { get; private init; }

    public int ChunkBytes { get; private init; }

    public ReadOnlySpan<byte> Hashes { get; private init; }

    public int Count => (TotalBytes + ChunkBytes - 1) / ChunkBytes;

    public static bool TryRead(ReadOnlySpan<byte> payload, out TransferManifest manifest)
    {
        manifest = default;
        if (payload.Length < HeaderBytes)
        {
            return false;
        }

        var total = BinaryPrimitives.ReadUInt32BigEndian(payload);
        var chunk = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
        if (total is 0 or > LongestMessage || chunk is < 1024 or > LongestChunk)
        {
            return false;
        }

        manifest = new TransferManifest
        {
            TotalBytes = (int)total, ChunkBytes = (int)chunk, Hashes = payload[HeaderBytes..],
        };
        return manifest.Count <= MaximumChunks && manifest.Hashes.Length == manifest.Count * HashBytes;
    }

    /// <summary>The manifest of a payload, as the payload of a message.</summary>
    public static byte[] Make(ReadOnlySpan<byte> payload, int chunkBytes)
    {
        var count = (payload.Length + chunkBytes - 1) / chunkBytes;
        var manifest = new byte[HeaderBytes + (count * HashBytes)];
        BinaryPrimitives.WriteUInt32BigEndian(manifest, (uint)payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(manifest.AsSpan(4), (uint)chunkBytes);
        for (var i = 0; i < count; i++)
        {
            var chunk = payload.Slice(i * chunkBytes, Math.Min(chunkBytes, payload.Length - (i * chunkBytes)));
            Hash(chunk, manifest.AsSpan(HeaderBytes + (i * HashBytes), HashBytes));
        }

        return manifest;
    }

    public static bool Matches(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> expected)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        Hash(chunk, hash);
        return hash.SequenceEqual(expected);
    }

    private static void Hash(ReadOnlySpan<byte> chunk, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(chunk, hash);
        hash[..HashBytes].CopyTo(destination);
    }
}
