using CsCheck;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.Wire;

namespace Hearsay.Protocols.Tests.AntiEntropy.Rows;

public sealed class BriefContextTests
{
    private static readonly RowDigester s_digester = new(1, 2);

    /// <summary>Contexts of few epochs, of which two have much in common.</summary>
    private static Gen<CausalContext> Contexts(bool withClaims) =>
        Gen.Select(Gen.Int[1, 4], Gen.ULong[1, 9], Gen.Int[0, 8]).Array[0, 40].Select(news =>
            news.Aggregate(CausalContext.Empty, (context, one) =>
            {
                var epoch = new EpochId(new NodeId(1, (ulong)one.Item1), 5);
                var dot = new Dot(epoch, one.Item2);
                return one.Item3 switch
                {
                    0 => context.WithClosed(epoch, one.Item2),
                    1 when withClaims => context.WithClaim(new RowClaim(dot, RowPath.Of([(byte)one.Item2, 0]))),
                    _ => context.With(dot),
                };
            }));

    private static readonly Gen<(CausalContext Asker, CausalContext Other)> s_pairs =
        Gen.Select(Contexts(withClaims: false), Contexts(withClaims: true));

    [Fact]
    public void Who_is_asked_knows_what_the_asker_has_seen_and_the_asker_gets_its_context_as_it_is() =>
        s_pairs.Sample(pair =>
        {
            var (asker, other) = pair;
            var reader = new WireReader(Told(asker));
            Assert.True(BriefContext.TryRead(ref reader, other, s_digester, out var told));
            Assert.True(reader.Rest.IsEmpty);
            foreach (var epoch in other.Open.Keys.Concat(other.Closed.Keys).Concat(other.Folded.Keys))
            {
                Assert.Equal(asker.SeenOf(epoch), told.Known.SeenOf(epoch));
            }

            var answer = new WireReader(Answer(other, told));
            Assert.True(BriefContext.TryReadAnswer(ref answer, asker, FoldParts.All, s_digester, out var theirs));
            Assert.True(answer.Rest.IsEmpty);
            Assert.Equal(other, theirs);
        });

    /// <summary>With few parts, so that some of them are equal and some are not.</summary>
    [Fact]
    public void Folded_epochs_that_go_by_their_digest_are_known_where_it_is_the_same_and_else_are_told() =>
        Gen.Select(s_pairs, Gen.Int[0, 3]).Sample((pair, bits) =>
        {
            var (asker, other) = pair;
            var parts = FoldParts.None(bits);
            var reader = new WireReader(Told(asker, parts));
            Assert.True(BriefContext.TryRead(ref reader, other, s_digester, out var told));
            Assert.Equal(Plain(asker).SequenceEqual(Plain(other)), told.IsWhole);
            if (!told.IsWhole)
            {
                parts = parts.Differing(
                    FoldDigests.PartsOf(asker, bits, s_digester), FoldDigests.PartsOf(other, bits, s_digester));
                reader = new WireReader(Told(asker, parts));
                Assert.True(BriefContext.TryRead(ref reader, other, s_digester, out told));
            }

            Assert.True(told.IsWhole && reader.Rest.IsEmpty);
            foreach (var epoch in other.Open.Keys.Concat(other.Closed.Keys).Concat(other.Folded.Keys))
            {
                Assert.Equal(asker.SeenOf(epoch), told.Known.SeenOf(epoch));
            }

            var answer = new WireReader(Answer(other, told));
            Assert.True(BriefContext.TryReadAnswer(ref answer, asker, parts, s_digester, out var theirs));
            Assert.Equal(other, theirs);
            Assert.Equal(other.Entries, theirs.Entries);
        });

    [Fact]
    public void Whatever_becomes_of_the_bytes_no_other_context_comes_of_them() =>
        Gen.Select(s_pairs, Gen.Int[0, 1000], Gen.Byte, Gen.Bool).Sample((pair, place, value, isCut) =>
        {
            var (asker, other) = pair;
            var told = Changed(Told(asker), place, value, isCut);
            var reader = new WireReader(told);
            BriefContext.TryRead(ref reader, other, s_digester, out _);

            reader = new WireReader(Told(asker));
            BriefContext.TryRead(ref reader, other, s_digester, out var epochs);
            var answer = new WireReader(Changed(Answer(other, epochs), place, value, isCut));
            if (BriefContext.TryReadAnswer(ref answer, asker, FoldParts.All, s_digester, out var theirs))
            {
                Assert.Equal(other, theirs);
            }
        });

    /// <summary>Two epochs of one name: here, because the other side makes names under another secret.</summary>
    [Fact]
    public void An_epoch_that_was_taken_for_another_is_noticed()
    {
        var (asker, other) = (Seen(1), Seen(2));
        var reader = new WireReader(Told(asker));
        Assert.True(BriefContext.TryRead(ref reader, other, s_digester, out _));
        EpochId? mistaken = other.Open.Keys.Single();
        var answer = new WireReader(Answer(other, new BriefTold(other, [mistaken], FoldParts.All, IsWhole: true)));
        Assert.False(BriefContext.TryReadAnswer(ref answer, asker, FoldParts.All, s_digester, out _));
    }

    [Fact]
    public void Claims_are_not_told_briefly()
    {
        var claim = new RowClaim(new Dot(new EpochId(new NodeId(1, 1), 5), 3), RowPath.Of([1, 0]));
        var writer = new WireWriter(new byte[256]);
        Assert.False(BriefContext.TryWrite(
            ref writer, CausalContext.Empty.WithClaim(claim), FoldParts.All, s_digester));
    }

    [Fact]
    public void A_hundred_writers_fit_a_datagram()
    {
        var context = Enumerable.Range(1, 100).Aggregate(
            CausalContext.Empty, static (all, node) => all.Union(Seen((ulong)node)));
        Assert.InRange(Told(context).Length, 800, 1_100);
        Assert.True(ContextCodec.ToBytes(context).Length > 2_500);
    }

    private static CausalContext Seen(ulong node) => CausalContext.Empty.WithAll(
        new EpochId(new NodeId(node, node), node), 10_000);

    private static IEnumerable<KeyValuePair<EpochId, ulong>> Plain(CausalContext context) =>
        context.Folded.Where(one => !context.Open.ContainsKey(one.Key));

    private static byte[] Told(CausalContext context, FoldParts? parts = null) =>
        WireEncodings.ToBytes((ref WireWriter writer) => Assert.True(
            BriefContext.TryWrite(ref writer, context, parts ?? FoldParts.All, s_digester)));

    private static byte[] Answer(CausalContext context, BriefTold told) =>
        WireEncodings.ToBytes((ref WireWriter writer) =>
            BriefContext.WriteAnswer(ref writer, context, told, s_digester));

    private static byte[] Changed(byte[] bytes, int place, byte value, bool isCut)
    {
        if (isCut)
        {
            return bytes[..(place % bytes.Length)];
        }

        bytes[place % bytes.Length] = value;
        return bytes;
    }
}
