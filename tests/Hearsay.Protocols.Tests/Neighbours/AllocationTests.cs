using Hearsay.Protocols.Neighbours;

namespace Hearsay.Protocols.Tests.Neighbours;

/// <summary>Heartbeats and shuffles allocate nothing.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Heartbeats_and_shuffles_allocate_nothing_in_the_steady_state()
    {
        var protocols = new List<NeighboursProtocol>();
        var options = new NeighbourOptions
        {
            ActiveSize = 3, ShufflePeriod = TimeSpan.FromMilliseconds(500), MixPeriod = TimeSpan.FromHours(20),
            ShuffleActive = 2,
        };
        IReadOnlyList<IProtocol> Make()
        {
            protocols.Add(new NeighboursProtocol(options));
            return [protocols[^1]];
        }

        var loop = new LoopDriver(8, PeerSamplingOptions.Recommended, 0, _ => Make());
        var step = TimeSpan.FromMilliseconds(10);
        loop.Advance(TimeSpan.FromSeconds(60), step);
        Assert.All(protocols, protocol => Assert.Equal(3, protocol.Count));
        var (pings, shuffles) = (protocols.Sum(p => p.Counters.Pings), protocols.Sum(p => p.Counters.Shuffles));
        var allocated = SteadyState.Bytes(() => loop.Advance(TimeSpan.FromSeconds(60), step));
        Assert.True(protocols.Sum(p => p.Counters.Pings) > pings + 200);
        Assert.True(protocols.Sum(p => p.Counters.Shuffles) > shuffles + 500);
        Assert.Equal(0, allocated);
    }
}
