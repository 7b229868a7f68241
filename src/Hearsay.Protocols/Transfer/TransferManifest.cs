using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hearsay.Protocols.Transfer;

/// <summary>
/// What is told of a large body: its length (4 bytes), that of its chunks (4), and of each chunk the first 16 bytes of
/// its SHA-256. Who has it can check every chunk, wherever that comes from.
/// </summary>
internal readonly ref struct TransferManifest
{
    public const int HashBytes = 16;
    public const int HeaderBytes = 8;
    public const int MaximumChunks = 2048;

    /// <summary>The least room that a body takes of which anything is here: its lists need some.</summary>
    public const int LeastRoomBytes = 4096;

    private const int LongestChunk = 60_000;

    /// <summary>The longest body that a manifest can tell of.</summary>
    public const int LongestBody = MaximumChunks * LongestChunk;

    public int TotalBytes { get; private init; }

    public int ChunkBytes { get; private init; }

    public ReadOnlySpan<byte> Hashes { get; private init; }

    public int Count => CountOf(TotalBytes, ChunkBytes);

    /// <summary>Reads a manifest, which nobody has checked.</summary>
    /// <param name="source">Its bytes.</param>
    /// <param name="longest">The longest body that the protocol has, in bytes; up to <see cref="LongestBody"/>.</param>
    /// <param name="manifest">What it says; its hashes lie in the source.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, int longest, out TransferManifest manifest)
    {
        manifest = default;
        if (source.Length < HeaderBytes)
        {
            return false;
        }

        var total = BinaryPrimitives.ReadUInt32BigEndian(source);
        var chunk = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        if (total == 0 || total > Math.Min(longest, LongestBody) || chunk is < 1024 or > LongestChunk)
        {
            return false;
        }

        manifest = new TransferManifest
        {
            TotalBytes = (int)total, ChunkBytes = (int)chunk, Hashes = source[HeaderBytes..],
        };
        return manifest.Count <= MaximumChunks && manifest.Hashes.Length == manifest.Count * HashBytes;
    }

    /// <summary>Makes the manifest of a body.</summary>
    public static byte[] Make(ReadOnlySpan<byte> body, int chunkBytes)
    {
        var count = CountOf(body.Length, chunkBytes);
        var manifest = new byte[HeaderBytes + (count * HashBytes)];
        BinaryPrimitives.WriteUInt32BigEndian(manifest, (uint)body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(manifest.AsSpan(4), (uint)chunkBytes);
        for (var i = 0; i < count; i++)
        {
            var chunk = body.Slice(i * chunkBytes, Math.Min(chunkBytes, body.Length - (i * chunkBytes)));
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

    private static int CountOf(int bytes, int chunkBytes) => (bytes + chunkBytes - 1) / chunkBytes;

    private static void Hash(ReadOnlySpan<byte> chunk, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(chunk, hash);
        hash[..HashBytes].CopyTo(destination);
    }
}
