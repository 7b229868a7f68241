namespace Hearsay.Storage.Sqlite.Tests;

public sealed class BlocksTests
{
    [Fact]
    public void Every_copy_keeps_its_bytes_and_short_ones_share_arrays()
    {
        var (blocks, copies) = (new Blocks(), new List<ReadOnlyMemory<byte>>());
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = new byte[i % 600];
            Array.Fill(bytes, (byte)i);
            copies.Add(blocks.Copy(bytes));
        }

        var arrays = new HashSet<byte[]>();
        for (var i = 0; i < copies.Count; i++)
        {
            Assert.Equal(i % 600, copies[i].Length);
            Assert.Equal(-1, copies[i].Span.IndexOfAnyExcept((byte)i));
            Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(copies[i], out var array));
            Assert.InRange(array.Array!.Length, 0, Blocks.BlockBytes);
            arrays.Add(array.Array);
        }

        Assert.InRange(arrays.Count, 2, copies.Count / 3);
    }
}
