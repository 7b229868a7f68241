using System.Buffers.Binary;
using CsCheck;
using Hearsay.Protocols.Wire;
using Hearsay.Transport;

namespace Hearsay.Tests.Transport;

public sealed class FrameBufferTests
{
    private const int Longest = 20_000;

    [Fact]
    public void Packets_come_out_as_they_went_in_however_the_stream_is_cut()
    {
        Gen.Select(Gen.Int[1, Longest].Array[1, 6], Gen.Int[1, 9_000].Array[1, 40]).Sample((lengths, cuts) =>
        {
            var stream = new MemoryStream();
            for (var i = 0; i < lengths.Length; i++)
            {
                stream.Write(Frame(lengths[i], (byte)i));
            }

            Assert.Equal(lengths, Replay(stream.ToArray(), cuts));
        }, iter: 200);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(Longest + 1u)]
    [InlineData(uint.MaxValue)]
    public void A_length_no_packet_has_breaks_the_stream_for_good(uint length)
    {
        var buffer = new FrameBuffer(Longest);
        var header = new byte[64];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);
        Feed(ref buffer, header);

        Assert.False(buffer.TryTake(out _));
        Assert.True(buffer.IsBroken);
        Assert.False(buffer.TryTake(out _));
        Assert.Equal(FrameBuffer.InitialBytes, buffer.HeldBytes);
        buffer.Dispose();
    }

    /// <summary>The packet itself is replayed by VectorTests of the protocols.</summary>
    [Fact]
    public void The_documented_packet_comes_out_of_the_documented_bytes()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This is not run inside the repository.");
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "wire-format.md"));
        byte[] Block(string name) => Convert.FromHexString(string.Concat(
            page.Split($"```hex {name}\n")[1].Split("```")[0].Split()));
        var buffer = new FrameBuffer(TcpTransport.LongestPacketBytes);
        Feed(ref buffer, Block("leave-on-a-connection"));
        Assert.True(buffer.TryTake(out var packet));
        Assert.Equal(Block("leave"), packet.ToArray());
        Assert.False(buffer.IsPartial);
        buffer.Dispose();
    }

    [Fact]
    public void Memory_follows_the_bytes_that_arrived_and_is_given_back()
    {
        var buffer = new FrameBuffer(TcpTransport.LongestPacketBytes);
        Assert.Equal(0, buffer.HeldBytes);
        var frame = Frame(TcpTransport.LongestPacketBytes, 7);

        Feed(ref buffer, frame.AsSpan(0, 10));
        Assert.False(buffer.TryTake(out _));
        Assert.Equal(FrameBuffer.InitialBytes, buffer.HeldBytes);
        Feed(ref buffer, frame.AsSpan(10, 10_000));
        Assert.False(buffer.TryTake(out _));
        Assert.Equal(16_384, buffer.HeldBytes);
        Feed(ref buffer, frame.AsSpan(10_010));
        Assert.True(buffer.TryTake(out var packet));
        Assert.Equal(TcpTransport.LongestPacketBytes, packet.Length);

        Assert.False(buffer.IsPartial);
        buffer.Trim();
        Assert.Equal(0, buffer.HeldBytes);
    }

    private static byte[] Frame(int length, byte fill)
    {
        var frame = new byte[FrameBuffer.HeaderBytes + length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        frame.AsSpan(FrameBuffer.HeaderBytes).Fill(fill);
        return frame;
    }

    private static List<int> Replay(byte[] stream, int[] cuts)
    {
        var buffer = new FrameBuffer(Longest);
        var taken = new List<int>();
        for (int at = 0, cut = 0; at < stream.Length; cut++)
        {
            var bytes = Math.Min(cuts[cut % cuts.Length], stream.Length - at);
            Feed(ref buffer, stream.AsSpan(at, bytes));
            at += bytes;
            while (buffer.TryTake(out var packet))
            {
                Assert.False(packet.ContainsAnyExcept((byte)taken.Count));
                taken.Add(packet.Length);
            }
        }

        Assert.False(buffer.IsPartial);
        buffer.Dispose();
        return taken;
    }

    /// <summary>Gives the buffer bytes as a socket does: as many at a time as there is room for.</summary>
    private static void Feed(ref FrameBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var space = buffer.GetSpace().Span;
            Assert.False(space.IsEmpty);
            var part = Math.Min(space.Length, bytes.Length);
            bytes[..part].CopyTo(space);
            buffer.Advance(part);
            bytes = bytes[part..];
        }
    }
}
