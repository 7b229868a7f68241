using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Sampling.View;
using Hearsay.Protocols.Tests.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

public class PeerSamplerTests
{
    public static TheoryData<SamplingPolicy> Policies => new(Enum.GetValues<SamplingPolicy>());

    [Theory]
    [MemberData(nameof(Policies))]
    public void An_empty_view_gives_no_peer(SamplingPolicy policy)
    {
        using var sampler = new PeerSampler(new ViewPublisher(30), policy, 1);
        Assert.False(sampler.TryGetPeer(out var peer, out var origin));
        Assert.Equal((default, SampleOrigin.None), (peer, origin));
        Assert.Equal(0, sampler.GetPeers(new Peer[3].AsSpan()));
        Assert.Empty(sampler.GetPeers(3));
        Assert.Equal(0, sampler.Quality.Draws);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void After_disposal_there_is_no_peer(SamplingPolicy policy)
    {
        var disposals = 0;
        var sampler = new PeerSampler(TestView.Full(5).Publisher, policy, 1, _ => disposals++);
        Assert.True(sampler.TryGetPeer(out _));
        sampler.Dispose();
        sampler.Dispose();
        Assert.Equal(1, disposals);
        Assert.False(sampler.TryGetPeer(out _, out var origin));
        Assert.Equal(SampleOrigin.None, origin);
        Assert.Equal(0, sampler.GetPeers(new Peer[3].AsSpan()));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Several_peers_are_distinct_and_as_many_as_the_view_has(SamplingPolicy policy)
    {
        var view = TestView.Of(30, 3, 1, 4, 5, 9);
        using var sampler = new PeerSampler(view.Publisher, policy, 7);
        for (var count = 0; count < 9; count++)
        {
            var numbers = sampler.GetPeers(count).Select(peer => TestView.NumberOf(peer)).ToArray();
            Assert.Equal(Math.Min(count, 5), numbers.Length);
            Assert.Equal(numbers.Length, numbers.Distinct().Count());
        }
    }

    [Fact]
    public void Several_peers_are_fresh_ones_first_and_are_given_only_once()
    {
        var view = TestView.Full(10);
        using var sampler = new PeerSampler(view.Publisher, SamplingPolicy.UniformWithoutReplacement, 7);
        var first = sampler.GetPeers(4);
        var second = sampler.GetPeers(4);
        var third = sampler.GetPeers(4);
        Assert.Equal(10, first.Concat(second).Concat(third.Take(2)).Select(peer => peer.Id).Distinct().Count());
        Assert.Equal(4, third.Select(peer => peer.Id).Distinct().Count());
        Assert.Equal((12, 2), (sampler.Quality.Draws, sampler.Quality.Fallbacks));
        Assert.True(sampler.TryGetPeer(out _, out var origin));
        Assert.Equal(SampleOrigin.Fallback, origin);
    }

    [Fact]
    public void Fewer_than_no_peers_cannot_be_asked_for()
    {
        using var sampler = new PeerSampler(new ViewPublisher(30), SamplingPolicy.Head, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.GetPeers(-1));
    }

    [Theory]
    [InlineData(SamplingPolicy.Head, 2)]
    [InlineData(SamplingPolicy.Tail, 9)]
    public void Head_and_tail_go_by_age_and_break_ties_at_random(SamplingPolicy policy, int age)
    {
        var view = new TestView(80) { Entries = { (10, 5), (11, 2), (12, 9), (13, 2), (14, 9), (15, 3), (16, 2),
            (17, 9) } };
        for (uint number = 20; number < 80; number++)
        {
            view.Entries.Add((number, (ushort)(3 + (number % 5))));
        }

        view.Entries.Reverse();
        view.Publish();
        using var sampler = new PeerSampler(view.Publisher, policy, 3);
        var counts = new int[100];
        for (var i = 0; i < 3_000; i++)
        {
            Assert.True(sampler.TryGetPeer(out var peer, out var origin));
            Assert.Equal((age, SampleOrigin.Fresh), (peer.AgeCycles, origin));
            counts[TestView.NumberOf(peer)]++;
        }

        Assert.InRange(ChiSquare.UniformScore(counts.Where(count => count > 0).ToArray()), -1.0, 3.5);
        Assert.Equal(3, counts.Count(count => count > 0));
        Assert.Equal(age, sampler.Quality.MeanAgeCycles);
    }

    [Fact]
    public void Several_by_age_are_the_most_extreme_in_order()
    {
        var view = new TestView(10) { Entries = { (1, 5), (2, 0), (3, 65535), (4, 5), (5, 7) } }.Publish();
        using var head = new PeerSampler(view.Publisher, SamplingPolicy.Head, 3);
        using var tail = new PeerSampler(view.Publisher, SamplingPolicy.Tail, 3);
        Assert.Equal([0, 5, 5, 7], head.GetPeers(4).Select(peer => (int)peer.AgeCycles));
        Assert.Equal([65535, 7, 5, 5], tail.GetPeers(4).Select(peer => (int)peer.AgeCycles));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void The_same_seed_gives_the_same_stream(SamplingPolicy policy)
    {
        Assert.Equal(Stream(policy, 11, others: 0), Stream(policy, 11, others: 0));
        Assert.NotEqual(Stream(policy, 11, others: 0), Stream(policy, 12, others: 0));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Other_samplers_change_nothing_in_a_stream(SamplingPolicy policy) =>
        Assert.Equal(Stream(policy, 11, others: 0), Stream(policy, 11, others: 3));

    [Fact]
    public void A_consumer_that_draws_faster_than_the_view_changes_learns_of_it()
    {
        var view = TestView.Full(30);
        using var greedy = new PeerSampler(view.Publisher, SamplingPolicy.UniformWithoutReplacement, 1);
        using var modest = new PeerSampler(view.Publisher, SamplingPolicy.UniformWithoutReplacement, 2);
        for (var cycle = 1; cycle <= 200; cycle++)
        {
            RunCycle(view, cycle);
            modest.TryGetPeer(out _);
            for (var draw = 0; draw < 10; draw++)
            {
                greedy.TryGetPeer(out _);
            }
        }

        // The window began in cycle 160: 41 cycles, one entry in each.
        var quality = greedy.Quality;
        Assert.Equal((410, 10.0, 1.0), (quality.Draws, quality.DrawsPerCycle, quality.NewEntriesPerCycle));
        Assert.InRange(quality.FallbackShare, 0.89, 0.91);
        Assert.False(quality.IsFreshEnough);
        Assert.Equal((41, 0), (modest.Quality.Draws, modest.Quality.Fallbacks));
        Assert.True(modest.Quality.IsFreshEnough);
    }

    [Fact]
    public void Quality_forgets_what_was_drawn_long_ago()
    {
        var view = TestView.Full(30);
        using var sampler = new PeerSampler(view.Publisher, SamplingPolicy.UniformWithoutReplacement, 1);
        _ = sampler.GetPeers(30);
        RunCycle(view, 63);
        Assert.Equal(30, sampler.Quality.Draws);
        RunCycle(view, 64);
        Assert.Equal(0, sampler.Quality.Draws);
        RunCycle(view, 1_000);
        sampler.TryGetPeer(out _);
        Assert.Equal(1, sampler.Quality.Draws);
        RunCycle(view, 1_055);
        Assert.Equal(1, sampler.Quality.Draws);
        RunCycle(view, 1_056);
        Assert.Equal(0, sampler.Quality.Draws);
        Assert.Equal((31, 0), (sampler.Totals.Draws, sampler.Totals.Fallbacks));
    }

    private static void RunCycle(TestView view, int cycle)
    {
        view.Cycle = cycle;
        view.Entries.RemoveAt(0);
        view.Entries.Add((1_000 + (uint)cycle, 0));
        view.Publish();
    }

    private static uint[] Stream(SamplingPolicy policy, ulong seed, int others)
    {
        var view = TestView.Full(30);
        using var sampler = new PeerSampler(view.Publisher, policy, seed);
        var companions = Enumerable.Range(0, others)
            .Select(other => new PeerSampler(view.Publisher, policy, (ulong)other)).ToArray();
        var stream = new List<uint>();
        for (var cycle = 1; cycle < 100; cycle++)
        {
            RunCycle(view, cycle);
            _ = Array.TrueForAll(companions, companion => companion.TryGetPeer(out _));
            sampler.TryGetPeer(out var peer);
            stream.Add(TestView.NumberOf(peer));
            stream.AddRange(sampler.GetPeers(2).Select(other => TestView.NumberOf(other)));
        }

        return [.. stream];
    }
}
