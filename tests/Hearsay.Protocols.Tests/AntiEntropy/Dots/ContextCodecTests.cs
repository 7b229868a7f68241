using CsCheck;
using Hearsay.Protocols.AntiEntropy;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy.Dots;

public sealed class ContextCodecTests
{
    private static readonly Gen<CausalContext> AnyContext =
        Gen.Select(Gen.Int[1, 3], Gen.ULong[1, 9], Gen.Int[0, 6]).Array[0, 30].Select(news =>
            news.Aggregate(CausalContext.Empty, (context, one) =>
            {
                var epoch = new EpochId(new NodeId(1, (ulong)one.Item1), 5);
                var dot = new Dot(epoch, one.Item2);
                return one.Item3 switch
                {
                    0 => context.WithClosed(epoch, one.Item2),
                    1 => context.WithClaim(new RowClaim(dot, RowPath.Of([(byte)one.Item2, 0]))),
                    _ => context.With(dot),
                };
            }));

    [Fact]
    public void Any_context_comes_back_as_it_was() => AnyContext.Sample(context =>
    {
        var reader = new WireReader(ContextCodec.ToBytes(context));
        Assert.True(ContextCodec.TryRead(ref reader, out var read));
        Assert.True(reader.Rest.IsEmpty);
        Assert.Equal(context, read);
    });

    [Fact]
    public void What_is_cut_short_is_refused() => AnyContext.Sample(context =>
    {
        var bytes = ContextCodec.ToBytes(context);
        for (var length = 0; length < bytes.Length; length++)
        {
            var reader = new WireReader(bytes.AsSpan(0, length));
            Assert.False(ContextCodec.TryRead(ref reader, out _));
        }
    });

    [Fact]
    public void A_changed_byte_is_refused_or_another_context_in_its_one_form() =>
        Gen.Select(AnyContext, Gen.Int[0, 1000], Gen.Byte).Sample((context, place, value) =>
        {
            var bytes = ContextCodec.ToBytes(context);
            bytes[place % bytes.Length] = value;
            var reader = new WireReader(bytes);
            if (ContextCodec.TryRead(ref reader, out var read))
            {
                Assert.Equal(bytes.AsSpan(0, bytes.Length - reader.Rest.Length).ToArray(), ContextCodec.ToBytes(read));
            }
        });

    [Fact]
    public void A_context_of_a_million_writers_is_refused_before_anything_is_made_of_it()
    {
        var writer = new WireWriter(new byte[64]);
        Varint.Write(ref writer, 1_000_000);
        var reader = new WireReader(writer.Written);
        Assert.False(ContextCodec.TryRead(ref reader, out _));
    }

    [Fact]
    public void A_heartbeat_fits_sixty_four_bytes_and_comes_back() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.Bool).Sample((root, context, rows, isTrusted) =>
        {
            var heartbeat = new Heartbeat(new UInt128(root, context), new UInt128(context, root), rows, isTrusted);
            var writer = new WireWriter(new byte[Heartbeat.MostBytes]);
            heartbeat.Write(ref writer);
            Assert.False(writer.Failed);
            Assert.InRange(writer.Position, 34, 64);
            var reader = new WireReader(writer.Written);
            Assert.True(Heartbeat.TryRead(ref reader, out var read));
            Assert.Equal(heartbeat, read);
            var cut = new WireReader(writer.Written[..^1]);
            Assert.False(Heartbeat.TryRead(ref cut, out _));
        });
}
