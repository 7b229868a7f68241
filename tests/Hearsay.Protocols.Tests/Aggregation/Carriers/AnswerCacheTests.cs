using Hearsay.Protocols.Aggregation.Carriers;

namespace Hearsay.Protocols.Tests.Aggregation.Carriers;

public sealed class AnswerCacheTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(900)]
    [InlineData(30_000)]
    public void An_answer_is_found_again_or_known_to_be_lost_never_another(int bytes)
    {
        var cache = new AnswerCache();
        for (var i = 0; i < 400; i++)
        {
            cache.Store(Key(i), Answer(i, bytes));
            for (var j = 0; i % 20 == 0 && j <= i; j += 7)
            {
                var known = cache.TryFind(Key(j), out var answer);
                Assert.True(known || cache.HasForgotten);
                Assert.True(answer.IsEmpty || answer.SequenceEqual(Answer(j, bytes)));
                Assert.True(!answer.IsEmpty || i - j >= Math.Min(256, (1 << 20) / bytes) - 2);
            }
        }

        Assert.True(cache.HasForgotten);
        cache.Clear();
        Assert.False(cache.TryFind(Key(399), out _));
        Assert.False(cache.HasForgotten);
    }

    [Fact]
    public void Partners_with_the_same_exchange_id_are_told_apart()
    {
        var cache = new AnswerCache();
        cache.Store(AnswerCache.KeyOf(new NodeId(1, 2), 77), [1]);
        Assert.False(cache.TryFind(AnswerCache.KeyOf(new NodeId(2, 1), 77), out _));
        Assert.False(cache.TryFind(AnswerCache.KeyOf(new NodeId(1, 2), 78), out _));
        Assert.True(cache.TryFind(AnswerCache.KeyOf(new NodeId(1, 2), 77), out _));
    }

    private static ulong Key(int i) => AnswerCache.KeyOf(new NodeId(3, (ulong)i + 1), 9);

    private static byte[] Answer(int i, int bytes) => [.. Enumerable.Range(0, bytes).Select(b => (byte)(b + (i * 31)))];
}
