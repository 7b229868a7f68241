using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;
using Hearsay.Protocols.Tests.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

public class SamplerSetTests
{
    [Fact]
    public void Samplers_are_refused_beyond_the_capacity_until_one_is_disposed()
    {
        var set = new SamplerSet(TestView.Full(5).Publisher, 1, capacity: 2);
        Assert.True(set.TryCreate(SamplingPolicy.Head, out var first));
        Assert.True(set.TryCreate(SamplingPolicy.Tail, out _));
        Assert.False(set.TryCreate(SamplingPolicy.Tail, out var refused));
        Assert.Null(refused);
        Assert.Equal((2, 1L), (set.Count, set.Refused));
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, set.Count);
        Assert.True(set.TryCreate(SamplingPolicy.Tail, out _));
        Assert.Equal(SamplerSet.DefaultCapacity, new SamplerSet(new ViewPublisher(3), 1).Capacity);
    }

    [Fact]
    public void Totals_include_samplers_that_are_gone()
    {
        var set = new SamplerSet(TestView.Full(5).Publisher, 1);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(set.TryCreate(SamplingPolicy.UniformWithoutReplacement, out var sampler));
            _ = sampler.GetPeers(4);
            _ = sampler.GetPeers(4);
            Assert.Equal(((i + 1) * 8L, (i + 1) * 3L), (set.Samples, set.Fallbacks));
            if (i % 2 == 0)
            {
                sampler.Dispose();
            }

            Assert.Equal(((i + 1) * 8L, (i + 1) * 3L), (set.Samples, set.Fallbacks));
        }
    }

    [Fact]
    public void Every_sampler_has_a_stream_of_its_own_that_follows_from_the_seed()
    {
        Assert.Equal(Streams(1), Streams(1));
        Assert.Equal(20, Streams(1).Concat(Streams(2)).Distinct().Count());
    }

    [Fact]
    public async Task Samplers_made_and_disposed_by_many_threads_are_all_counted()
    {
        var set = new SamplerSet(TestView.Full(5).Publisher, 1, capacity: 3);
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Churn(set))));
        Assert.Equal(0, set.Count);
        Assert.Equal(made.Sum(), set.Samples);
        Assert.Equal(40_000 - made.Sum(), set.Refused);
    }

    private static int Churn(SamplerSet set)
    {
        var made = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (set.TryCreate(SamplingPolicy.UniformWithoutReplacement, out var sampler))
            {
                made += sampler.TryGetPeer(out _) ? 1 : 0;
                sampler.Dispose();
                Assert.InRange(set.Count, 0, 3);
            }
        }

        return made;
    }

    private static string[] Streams(ulong seed)
    {
        var set = new SamplerSet(TestView.Full(30).Publisher, seed);
        return Enumerable.Range(0, 10).Select(_ => Stream(set)).ToArray();
    }

    private static string Stream(SamplerSet set)
    {
        Assert.True(set.TryCreate(SamplingPolicy.UniformWithoutReplacement, out var sampler));
        return string.Join(' ', sampler.GetPeers(30).Select(peer => TestView.NumberOf(peer)));
    }
}
