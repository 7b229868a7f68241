using Hearsay.Protocols.Sampling.Samplers;
using Hearsay.Protocols.Tests.Sampling.View;

namespace Hearsay.Protocols.Tests.Sampling.Samplers;

public class PeerSamplerDistributionTests
{
    [Theory]
    [InlineData(SamplingPolicy.UniformWithoutReplacement)]
    [InlineData(SamplingPolicy.UniformWithReplacement)]
    [InlineData(SamplingPolicy.Head)]
    [InlineData(SamplingPolicy.Tail)]
    public void First_draws_of_many_samplers_are_uniform_where_ages_are_equal(SamplingPolicy policy)
    {
        var view = TestView.Full(30);
        var counts = new int[30];
        for (ulong seed = 0; seed < 60_000; seed++)
        {
            using var sampler = new PeerSampler(view.Publisher, policy, seed);
            Assert.True(sampler.TryGetPeer(out var peer));
            counts[TestView.NumberOf(peer)]++;
        }

        Assert.InRange(ChiSquare.UniformScore(counts), -3.5, 3.5);
    }

    [Theory]
    [InlineData(SamplingPolicy.UniformWithoutReplacement)]
    [InlineData(SamplingPolicy.UniformWithReplacement)]
    public void One_long_stream_from_a_view_that_stands_still_is_uniform(SamplingPolicy policy)
    {
        var view = TestView.Full(70);
        var counts = new int[70];
        using var sampler = new PeerSampler(view.Publisher, policy, 5);
        for (var i = 0; i < 140_000; i++)
        {
            sampler.TryGetPeer(out var peer);
            counts[TestView.NumberOf(peer)]++;
        }

        Assert.InRange(ChiSquare.UniformScore(counts), -3.5, 3.5);
    }

    [Fact]
    public void Draws_are_distributed_as_those_of_the_queue_when_entries_come_and_go()
    {
        var (drawn, queued) = (new int[512], new int[512]);
        for (ulong seed = 0; seed < 40_000; seed++)
        {
            var view = TestView.Of(6, 0, 1, 2, 3, 4);
            using var sampler = new PeerSampler(view.Publisher, SamplingPolicy.UniformWithoutReplacement, seed);
            drawn[Story(view, _ => { }, () => Draw(sampler))]++;

            var model = new QueueModel(seed + 1_000_000);
            queued[Story(TestView.Of(6, 0, 1, 2, 3, 4), model.ViewIs, () => Draw(model))]++;
        }

        Assert.InRange(ChiSquare.SameScore(drawn, queued), -3.5, 3.5);
    }

    [Fact]
    public void Every_peer_is_in_a_draw_of_several_equally_often()
    {
        var view = TestView.Full(30);
        var counts = new int[30];
        var peers = new Peer[7];
        for (ulong seed = 0; seed < 20_000; seed++)
        {
            using var sampler = new PeerSampler(view.Publisher, SamplingPolicy.UniformWithoutReplacement, seed);
            Assert.Equal(7, sampler.GetPeers(peers));
            counts[TestView.NumberOf(peers[seed % 7])]++;
        }

        Assert.InRange(ChiSquare.UniformScore(counts), -3.5, 3.5);
    }

    /// <summary>
    /// Draws two, 0 and 1 are replaced by 5 and 6, draws another three: which were the third, fourth and fifth?
    /// </summary>
    private static int Story(TestView view, Action<IReadOnlyCollection<uint>> changed, Func<uint> draw)
    {
        changed(view.Numbers());
        _ = draw() + draw();
        view.Entries.RemoveRange(0, 2);
        view.Entries.AddRange([(5, 0), (6, 0)]);
        view.Publish();
        changed(view.Numbers());
        return (int)((draw() * 64) + (draw() * 8) + draw());
    }

    private static uint Draw(PeerSampler sampler)
    {
        Assert.True(sampler.TryGetPeer(out var peer));
        return TestView.NumberOf(peer);
    }

    private static uint Draw(QueueModel model)
    {
        model.Draw(out var number);
        return number;
    }
}
