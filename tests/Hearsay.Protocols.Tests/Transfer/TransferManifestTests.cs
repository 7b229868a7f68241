using System.Buffers.Binary;
using Hearsay.Protocols.Transfer;

namespace Hearsay.Protocols.Tests.Transfer;

public sealed class TransferManifestTests
{
    private const int Longest = 1 << 20;

    [Theory]
    [InlineData(1, 1024, 1)]
    [InlineData(1024, 1024, 1)]
    [InlineData(1025, 1024, 2)]
    [InlineData(Longest, 60_000, 18)]
    public void A_manifest_is_read_as_it_was_made(int bytes, int chunkBytes, int count)
    {
        var made = TransferManifest.Make(new byte[bytes], chunkBytes);
        Assert.True(TransferManifest.TryRead(made, Longest, out var manifest));
        Assert.Equal((bytes, chunkBytes, count), (manifest.TotalBytes, manifest.ChunkBytes, manifest.Count));
        Assert.False(TransferManifest.TryRead(made.AsSpan(1), Longest, out _));
        Assert.False(TransferManifest.TryRead(made, bytes - 1, out _));
    }

    [Theory]
    [InlineData(0u, 1024u)]
    [InlineData((uint)Longest + 1, 60_000u)]
    [InlineData(1u << 30, 60_000u)]
    [InlineData(uint.MaxValue, 60_000u)]
    [InlineData(1000u, 0u)]
    [InlineData(1000u, 1023u)]
    [InlineData(1000u, 60_001u)]
    [InlineData(1000u, uint.MaxValue)]
    public void What_no_body_has_is_refused(uint bytes, uint chunkBytes)
    {
        foreach (var count in (int[])[0, 1, 2, 18, 2048])
        {
            var forged = new byte[TransferManifest.HeaderBytes + (count * TransferManifest.HashBytes)];
            BinaryPrimitives.WriteUInt32BigEndian(forged, bytes);
            BinaryPrimitives.WriteUInt32BigEndian(forged.AsSpan(4), chunkBytes);
            Assert.False(TransferManifest.TryRead(forged, Longest, out _));
        }
    }

    [Fact]
    public void A_chunk_matches_its_own_hash_only()
    {
        var data = new byte[3000];
        data[2500] = 1;
        TransferManifest.TryRead(TransferManifest.Make(data, 1024), Longest, out var manifest);
        Assert.True(TransferManifest.Matches(data.AsSpan(2048), manifest.Hashes[32..]));
        Assert.False(TransferManifest.Matches(data.AsSpan(2048), manifest.Hashes[..16]));
        Assert.False(TransferManifest.Matches(data.AsSpan(2047), manifest.Hashes[32..]));
    }
}
