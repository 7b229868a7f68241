using CsCheck;
using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;

namespace Hearsay.Protocols.Tests.AntiEntropy.Dots;

public sealed class CausalContextTests
{
    private const int Epochs = 4;
    private const ulong Numbers = 12;

    /// <summary>What is told to a context, in some order: dots, and ends of epochs (closed with their last number).
    /// </summary>
    private static readonly Gen<(int Epoch, ulong Number, bool IsEnd)[]> AnyNews =
        Gen.Select(Gen.Int[0, Epochs - 1], Gen.ULong[1, Numbers], Gen.Int[0, 5])
            .Select(news => (news.Item1, news.Item2, news.Item3 == 0)).Array[0, 30];

    [Fact]
    public void It_covers_what_it_was_told_and_nothing_else() => AnyNews.Sample(news =>
    {
        var context = Of(news);
        foreach (var dot in AllDots())
        {
            var told = news.Any(one => !one.IsEnd && one.Epoch == Index(dot.Epoch) && one.Number == dot.Sequence);
            Assert.Equal(told, context.Covers(dot));
        }
    });

    [Fact]
    public void The_same_news_in_another_order_or_by_way_of_others_is_the_same_context() =>
        Gen.Select(AnyNews, AnyNews, Gen.Int).Sample((first, second, seed) =>
        {
            (int, ulong, bool)[] all = [.. first, .. second];
            var direct = Of(all);
            new SeededRandom((ulong)seed).Shuffle(all.AsSpan());
            Assert.Equal(direct, Of(all));
            var (one, other) = (Of(first), Of(second));
            Assert.Equal(direct, one.Union(other));
            Assert.Equal(direct, other.Union(one));
            Assert.Equal(ContextCodec.ToBytes(direct), ContextCodec.ToBytes(other.Union(one)));
            Assert.Equal(EntriesOf(direct), direct.Entries);
            Assert.Equal(direct.Entries, other.Union(one).Entries);
            Assert.True(direct.Covers(one) && direct.Covers(other));
            Assert.Equal(AllDots().All(dot => one.Covers(dot) || !other.Covers(dot)), one.Covers(other));
        });

    [Fact]
    public void An_epoch_is_folded_once_all_its_numbers_were_seen_and_what_is_above_stays_explicit()
    {
        var context = CausalContext.Empty.With(Dot(0, 1)).With(Dot(0, 3)).With(Dot(0, 9)).WithClosed(Epoch(0), 3);
        Assert.Equal((1, 0), (context.Closed.Count, context.Folded.Count));
        context = context.With(Dot(0, 2));
        Assert.Equal((0, 1), (context.Closed.Count, context.Folded.Count));
        Assert.Equal([new SequenceRange(9, 9)], context.Open[Epoch(0)].Ranges.ToArray());
        Assert.True(context.Covers(Dot(0, 2)) && context.Covers(Dot(0, 9)) && !context.Covers(Dot(0, 5)));
    }

    [Fact]
    public void A_thousand_openings_of_a_node_leave_one_open_epoch_of_it()
    {
        var context = CausalContext.Empty;
        for (var opening = 0; opening < 1_000; opening++)
        {
            var epoch = new EpochId(new NodeId(1, 1), (ulong)opening + 1);
            context = context.WithAll(epoch, 5);
            if (opening > 0)
            {
                context = context.WithClosed(epoch with { Number = (ulong)opening }, 5);
            }
        }

        Assert.Equal((1, 0, 999), (context.Open.Count, context.Closed.Count, context.Folded.Count));
    }

    [Fact]
    public void A_claim_is_to_one_path_until_the_whole_event_is_covered()
    {
        var (here, there) = (RowPath.Of("a"u8), RowPath.Of("b"u8));
        var context = CausalContext.Empty.WithClaim(new RowClaim(Dot(0, 4), here));
        Assert.True(context.Covers(Dot(0, 4), here));
        Assert.False(context.Covers(Dot(0, 4), there) || context.Covers(Dot(0, 4)));
        Assert.False(CausalContext.Empty.Equals(context));
        var whole = context.With(Dot(0, 4));
        Assert.Empty(whole.Claims);
        Assert.Equal(whole, CausalContext.Empty.With(Dot(0, 4)).Union(context));
    }

    private static CausalContext Of(IEnumerable<(int Epoch, ulong Number, bool IsEnd)> news) =>
        news.Aggregate(CausalContext.Empty, (context, one) => one.IsEnd
            ? context.WithClosed(Epoch(one.Epoch), one.Number) : context.With(Dot(one.Epoch, one.Number)));

    private static IEnumerable<Dot> AllDots() =>
        from epoch in Enumerable.Range(0, Epochs)
        from number in Enumerable.Range(1, (int)Numbers)
        select Dot(epoch, (ulong)number);

    private static int Index(EpochId epoch) => (int)epoch.Number - 1;

    private static EpochId Epoch(int index) => new(new NodeId(7, (ulong)index / 2), (ulong)index + 1);

    private static int EntriesOf(CausalContext context) => context.Closed.Count + context.Folded.Count
        + context.Open.Values.Sum(static seen => seen.Ranges.Length);

    private static Dot Dot(int epoch, ulong number) => new(Epoch(epoch), number);
}
