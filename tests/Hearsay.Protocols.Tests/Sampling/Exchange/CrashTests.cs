using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Sampling.Exchange;

public sealed class CrashTests
{
    [Theory]
    [InlineData(200, 1)]
    [InlineData(200, 2)]
    [InlineData(200, 3)]
    [InlineData(1000, 1)]
    [InlineData(1000, 2)]
    public void Half_crash_and_the_recommended_preset_has_no_dead_links_within_fifteen_cycles(int nodes, int seed)
    {
        var dead = DeadLinksAfterCrash(nodes, seed, loss: 0, out var network);

        Assert.True(dead[9] < 0.01, $"{dead[9]:P2} dead links after 10 cycles");
        Assert.Contains(dead[..15], share => share == 0);
        Assert.Equal(0, dead[14]);
        Assert.Single(network.Components());
    }

    [Theory]
    [InlineData(200)]
    [InlineData(1000)]
    public void Half_crash_while_one_datagram_in_twenty_is_lost_and_the_overlay_heals_all_the_same(int nodes)
    {
        var dead = DeadLinksAfterCrash(nodes, 1, loss: 0.05, out var network);

        Assert.True(dead[14] < 0.01, $"{dead[14]:P2} dead links after 15 cycles");
        Assert.Single(network.Components());
    }

    [Fact]
    public void Without_eviction_dead_links_stay_far_longer()
    {
        var options = PeerSamplingOptions.Recommended with
        {
            EvictOnTimeout = false, TriesPerCycle = 1, Healing = 0, QuarantineAfter = 16,
        };
        var network = Swarm.Start(200, options, cycles: 20);
        KillHalf(network, 1);
        network.Run(15 * Swarm.Second);

        Assert.True(network.DeadLinks() > 0.2, "The test above would pass with any protocol.");
    }

    private static double[] DeadLinksAfterCrash(int nodes, int seed, double loss, out VirtualNetwork network)
    {
        network = Swarm.Start(nodes, options: new() { Seed = (ulong)seed, Loss = loss }, cycles: 20);
        KillHalf(network, seed);
        var dead = new double[20];
        for (var cycle = 0; cycle < dead.Length; cycle++)
        {
            network.Run(Swarm.Second);
            dead[cycle] = network.DeadLinks();
        }

        Swarm.Say($"N={nodes} loss={loss}: {string.Join(' ', dead.Select(d => $"{100 * d:0.00}"))} %");
        return dead;
    }

    private static void KillHalf(VirtualNetwork network, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var order = network.Nodes.ToArray();
        random.Shuffle(order.AsSpan());
        foreach (var node in order.Take(order.Length / 2))
        {
            network.Kill(node);
        }
    }
}
