using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Tests.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

/// <summary>A sampling policy of the application's own.</summary>
public sealed class PeerWeightTests
{
    [Theory]
    [InlineData(SamplingPolicy.UniformWithoutReplacement)]
    [InlineData(SamplingPolicy.UniformWithReplacement)]
    [InlineData(SamplingPolicy.Head)]
    [InlineData(SamplingPolicy.Tail)]
    public void First_draws_of_many_samplers_are_in_proportion_to_the_weights(SamplingPolicy policy)
    {
        var view = TestView.Full(10);
        Assert.InRange(WeightedScore(view, policy, Weight.Of(static peer => TestView.NumberOf(peer))), -3.5, 3.5);

        // Control: of equal weights it is far off.
        Assert.True(WeightedScore(view, policy, Weight.Of(static _ => 1)) > 100);
    }

    [Fact]
    public void Every_peer_of_positive_weight_comes_once_and_then_again_as_a_fallback()
    {
        var view = TestView.Full(30);
        using var sampler = Sampler(view, Weight.Of(static peer => TestView.NumberOf(peer) % 3));
        var given = new List<uint>();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(sampler.TryGetPeer(out var peer, out var origin));
            Assert.Equal(SampleOrigin.Fresh, origin);
            given.Add(TestView.NumberOf(peer));
        }

        Assert.Equal(
            Enumerable.Range(0, 30).Where(static number => number % 3 != 0), given.Order().Select(n => (int)n));
        for (var i = 0; i < 20; i++)
        {
            Assert.True(sampler.TryGetPeer(out var peer, out var origin));
            Assert.Equal((SampleOrigin.Fallback, true), (origin, TestView.NumberOf(peer) % 3 != 0));
        }

        Assert.Equal((40, 20, false), (
            sampler.Quality.Draws, sampler.Quality.Fallbacks, sampler.Quality.IsFreshEnough));
    }

    [Fact]
    public void Several_are_distinct_and_those_not_given_yet_come_first()
    {
        var view = TestView.Full(9);
        using var sampler = Sampler(view, Weight.Of(static peer => TestView.NumberOf(peer) % 3));
        var first = sampler.GetPeers(4).Select(static peer => TestView.NumberOf(peer)).ToArray();
        var second = sampler.GetPeers(9).Select(static peer => TestView.NumberOf(peer)).ToArray();

        Assert.Equal(4, first.Distinct().Count());
        Assert.Equal([1u, 2u, 4u, 5u, 7u, 8u], second.Order());
        Assert.Equal(second.Except(first).Order(), second[..2].Order());
        Assert.Equal(4, sampler.Quality.Fallbacks);
    }

    [Fact]
    public void Who_filters_all_gets_nobody_and_somebody_as_soon_as_one_passes()
    {
        var view = TestView.Full(5);
        var wanted = 99u;
        using var sampler = Sampler(view, Weight.Of(peer => TestView.NumberOf(peer) == wanted ? 1 : 0));
        Assert.False(sampler.TryGetPeer(out var peer, out var origin));
        Assert.Equal((default, SampleOrigin.None), (peer, origin));
        Assert.Empty(sampler.GetPeers(3));
        Assert.Equal(0, sampler.Quality.Draws);

        wanted = 4;
        Assert.True(sampler.TryGetPeer(out peer));
        Assert.Equal(4u, TestView.NumberOf(peer));
    }

    [Theory]
    [InlineData(SamplingPolicy.Head, 2)]
    [InlineData(SamplingPolicy.Tail, 8)]
    public void Head_and_tail_are_the_extremes_of_those_that_pass(SamplingPolicy policy, uint expected)
    {
        var view = new TestView(10);
        for (uint number = 0; number < 10; number++)
        {
            view.Entries.Add((number, (ushort)number));
        }

        view.Publish();
        using var sampler = Sampler(
            view, Weight.Of(static peer => TestView.NumberOf(peer) is > 1 and < 9 ? 1 : 0), policy);
        Assert.True(sampler.TryGetPeer(out var peer));
        Assert.Equal(expected, TestView.NumberOf(peer));
    }

    [Fact]
    public void A_policy_can_look_at_age_and_metadata()
    {
        var view = new TestView(10);
        for (uint number = 0; number < 10; number++)
        {
            view.Entries.Add((number, (ushort)(number * 10)));
        }

        view.Publish();
        using var sampler = Sampler(view, Weight.Of(static peer => peer.AgeCycles <= 40 && !peer.HasMetadata ? 1 : 0));
        Assert.Equal([0u, 1u, 2u, 3u, 4u], sampler.GetPeers(10).Select(static peer => TestView.NumberOf(peer)).Order());
    }

    [Fact]
    public void Weights_that_make_no_sense_count_as_none_and_endless_ones_as_the_largest()
    {
        var view = TestView.Full(6);
        double[] weights = [double.NaN, -1, double.NegativeInfinity, double.PositiveInfinity, 1e300, 0];
        using var sampler = Sampler(
            view, Weight.Of(peer => weights[TestView.NumberOf(peer)]), SamplingPolicy.UniformWithReplacement);
        var counts = new int[6];
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(sampler.TryGetPeer(out var peer));
            counts[TestView.NumberOf(peer)]++;
        }

        Assert.Equal([0, 0, 0, 10_000 - counts[4], counts[4], 0], counts);
        Assert.InRange(counts[4], 4_800, 5_200);
    }

    [Fact]
    public void What_the_application_throws_comes_to_who_draws_and_is_no_draw()
    {
        var view = TestView.Full(5);
        var fails = true;
        using var sampler = Sampler(view, Weight.Of(_ => fails ? throw new InvalidDataException("no") : 1));
        Assert.Throws<InvalidDataException>(() => sampler.TryGetPeer(out _));
        Assert.Throws<InvalidDataException>(() => sampler.GetPeers(2));
        Assert.Equal(0, sampler.Quality.Draws);

        fails = false;
        Assert.Equal(5, sampler.GetPeers(5).Count);
        Assert.Equal(0, sampler.Quality.Fallbacks);
    }

    private static PeerSampler Sampler(
        TestView view, IPeerWeight weight, SamplingPolicy policy = SamplingPolicy.UniformWithoutReplacement,
        ulong seed = 7) => new(view.Publisher, policy, seed, weight: weight);

    /// <summary>How far the first draws of many samplers are from weights of 0, 1, 2, ... 9.</summary>
    private static double WeightedScore(TestView view, SamplingPolicy policy, IPeerWeight weight)
    {
        const int draws = 45_000;
        var counts = new int[10];
        for (ulong seed = 0; seed < draws; seed++)
        {
            using var sampler = Sampler(view, weight, policy, seed);
            Assert.True(sampler.TryGetPeer(out var peer));
            counts[TestView.NumberOf(peer)]++;
        }

        var sum = 0.0;
        for (var number = 1; number < 10; number++)
        {
            var expected = draws * number / 45.0;
            sum += (counts[number] - expected) * (counts[number] - expected) / expected;
        }

        return (sum + counts[0] - 8) / Math.Sqrt(16);
    }
}
