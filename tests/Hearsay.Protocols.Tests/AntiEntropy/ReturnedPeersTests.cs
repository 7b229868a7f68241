using Hearsay.Protocols.AntiEntropy;

namespace Hearsay.Protocols.Tests.AntiEntropy;

public sealed class ReturnedPeersTests
{
    private readonly ReturnedPeers _peers = new(TimeSpan.FromSeconds(10), memory: TimeSpan.FromSeconds(600));

    [Fact]
    public void A_peer_is_back_that_was_away_for_long()
    {
        _peers.Leave(Of(1), At(5));
        Assert.False(_peers.Come(Id(1), At(14.9)));
        _peers.Leave(Of(1), At(5));
        Assert.True(_peers.Come(Id(1), At(15)));
        Assert.False(_peers.Come(Id(1), At(60)));
        _peers.Leave(Of(1), At(20));
        Assert.False(_peers.Come(Id(1), At(29)));
        Assert.False(_peers.Come(Id(2), At(100)));
    }

    [Fact]
    public void Only_the_latest_that_left_are_remembered()
    {
        for (var i = 0; i <= ReturnedPeers.MostPeers; i++)
        {
            _peers.Leave(Of(i), At(1));
        }

        Assert.False(_peers.Come(Id(0), At(60)));
        Assert.True(_peers.Come(Id(1), At(60)));
    }

    [Fact]
    public void One_that_stays_away_is_drawn_until_it_is_left_to_peer_sampling()
    {
        var random = SeededRandom.For(1, 0, 0, 0);
        Assert.False(_peers.TryDraw(ref random, At(0), out _));
        _peers.Leave(Of(1), At(5));
        Assert.False(_peers.TryDraw(ref random, At(14.9), out _));
        Assert.True(_peers.TryDraw(ref random, At(15), out var drawn));
        Assert.Equal(Of(1), drawn);
        Assert.True(_peers.TryDraw(ref random, At(605), out _));
        Assert.False(_peers.TryDraw(ref random, At(605.1), out _));
        Assert.False(_peers.TryDraw(ref random, At(30), out _));
    }

    [Fact]
    public void All_that_stay_away_are_drawn_and_none_that_is_back()
    {
        var random = SeededRandom.For(2, 0, 0, 0);
        for (var i = 0; i < 10; i++)
        {
            _peers.Leave(Of(i), At(1));
        }

        _peers.Come(Id(3), At(20));
        _peers.Come(Id(9), At(20));
        var drawn = new HashSet<NodeId>();
        for (var i = 0; i < 200; i++)
        {
            Assert.True(_peers.TryDraw(ref random, At(20), out var one));
            drawn.Add(one.Id);
        }

        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8], Enumerable.Range(0, 10).Where(i => drawn.Contains(Id(i))));
    }

    private static Peer Of(int id) => new(Id(id), default, 1, 0, null);

    private static NodeId Id(int id) => new(1, (ulong)id);

    private static Instant At(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
