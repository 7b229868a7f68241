namespace Hearsay.Protocols.Tests.Composition;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("recommended", 2, 0)]
    [InlineData("recommended", 10, 0)]
    [InlineData("recommended", 100, 16)]
    [InlineData("newscast", 50, 16)]
    [InlineData("cyclon", 50, 16)]
    public void Exchanges_allocate_nothing_in_steady_state(string preset, int nodes, int metadataBytes)
    {
        PeerSamplingOptions.TryGetPreset(preset, out var options);
        var network = new LoopDriver(nodes, options, metadataBytes);
        var rounds = Math.Max(1, 2000 / nodes);
        // Long enough for everybody to have met everybody once: metadata is copied when it is first seen, and the
        // tables of addresses that are proven grow with the peers that have answered.
        for (var i = 0; i < Math.Max(150, 8 * nodes); i++)
        {
            network.Round();
        }

        var (completed, times) = (Completed(network, nodes), 0);
        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            times++;
            for (var i = 0; i < rounds; i++)
            {
                network.Round();
            }
        }));
        // Looks at the seed come on top of one exchange per node and cycle.
        Assert.InRange(
            Completed(network, nodes) - completed, 0.9 * times * rounds * nodes, 1.1 * times * rounds * nodes);
    }

    [Fact]
    public void Nor_do_they_with_peers_of_two_families_one_of_which_leads_nowhere()
    {
        var network = new LoopDriver(50, PeerSamplingOptions.Recommended, 0, dual: true);
        for (var i = 0; i < 150; i++)
        {
            network.Pass(TimeSpan.FromMilliseconds(100));
            network.Round();
        }

        var (completed, rounds) = (Completed(network, 50), 0);
        Assert.Equal(0, SteadyState.Bytes(() =>
        {
            for (var end = rounds + 50; rounds < end; rounds++)
            {
                network.Pass(TimeSpan.FromMilliseconds(100));
                network.Round();
            }
        }));
        Assert.InRange(Completed(network, 50) - completed, 0.9 * 50 * rounds, 1.3 * 50 * rounds);
    }

    private static long Completed(LoopDriver network, int nodes) =>
        Enumerable.Range(0, nodes).Sum(i => network[i].Counters.ExchangesCompleted);
}
