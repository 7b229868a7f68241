using Hearsay.Protocols.AntiEntropy;

namespace Hearsay.Protocols.Tests.AntiEntropy;

public sealed class ReturnedPeersTests
{
    private readonly ReturnedPeers _peers = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void A_peer_is_back_that_was_away_for_long()
    {
        _peers.Leave(Id(1), At(5));
        Assert.False(_peers.Come(Id(1), At(14.9)));
        Assert.True(_peers.Come(Id(1), At(15)));
        _peers.Leave(Id(1), At(20));
        Assert.False(_peers.Come(Id(1), At(29)));
        Assert.False(_peers.Come(Id(2), At(100)));
    }

    [Fact]
    public void Only_the_latest_that_left_are_remembered()
    {
        for (var i = 0; i <= ReturnedPeers.MostPeers; i++)
        {
            _peers.Leave(Id(i), At(1));
        }

        Assert.False(_peers.Come(Id(0), At(60)));
        Assert.True(_peers.Come(Id(1), At(60)));
    }

    private static NodeId Id(int id) => new(1, (ulong)id);

    private static Instant At(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
