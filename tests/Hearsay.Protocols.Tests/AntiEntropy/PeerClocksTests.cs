using Hearsay.Protocols.AntiEntropy;

namespace Hearsay.Protocols.Tests.AntiEntropy;

public sealed class PeerClocksTests
{
    private readonly PeerClocks _clocks = new();

    [Fact]
    public void Two_peers_say_nothing_and_of_more_the_median_counts()
    {
        Add(1, 5_000);
        Add(2, 5_000);
        Assert.Equal(0, _clocks.MedianMilliseconds);
        Add(3, 7_000);
        Assert.Equal(5_000, _clocks.MedianMilliseconds);
    }

    [Fact]
    public void One_peer_has_one_voice_however_often_it_speaks()
    {
        for (var i = 0; i < 100; i++)
        {
            Add(1, 1L << 60);
            Add(2 + (i % 3), 10 * i);
        }

        Assert.InRange(_clocks.MedianMilliseconds, 970, 990);
    }

    [Fact]
    public void The_latest_peers_are_remembered()
    {
        for (var i = 0; i < PeerClocks.MostPeers; i++)
        {
            Add(i, -100);
        }

        for (var i = 0; i < PeerClocks.MostPeers; i++)
        {
            Add(1_000 + i, 300);
        }

        Assert.Equal(300, _clocks.MedianMilliseconds);
    }

    private void Add(int peer, long ahead) => _clocks.Add(new NodeId(1, (ulong)peer), ahead);
}
