using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Composition;

public sealed class DeterminismTests
{
    [Fact]
    public void The_same_seed_gives_the_same_packets_and_another_seed_others()
    {
        var first = Trace(1);
        Assert.Equal(first, Trace(1));
        Assert.NotEqual(first.Hash, Trace(2).Hash);
    }

    [Fact]
    public void An_idle_network_handles_no_more_events_the_longer_it_runs()
    {
        var network = Swarm.Start(20, cycles: 20);
        var before = network.EventsHandled;
        network.Run(20 * Swarm.Second);
        var early = network.EventsHandled - before;
        network.Run(200 * Swarm.Second);
        before = network.EventsHandled;
        network.Run(20 * Swarm.Second);
        Assert.InRange(network.EventsHandled - before, 0.9 * early, 1.1 * early);
    }

    private static (ulong Hash, long Packets) Trace(ulong seed)
    {
        var network = new VirtualNetwork(new() { Seed = seed, Loss = 0.05, Duplication = 0.05 });
        var (hash, packets) = (0xCBF2_9CE4_8422_2325ul, 0L);
        for (var i = 0; i < 60; i++)
        {
            var node = network.Add();
            node.OnSend = (to, packet) =>
            {
                packets++;
                hash = (hash ^ (ulong)network.Now.Ticks ^ to.Address.Port) * 0x100_0000_01B3;
                foreach (var value in packet)
                {
                    hash = (hash ^ value) * 0x100_0000_01B3;
                }
            };
        }

        network.Run(10 * Swarm.Second);
        network.Kill(network.Nodes[3]);
        network.Run(10 * Swarm.Second);
        network.Restart(network.Nodes[3]);
        network.Run(5 * Swarm.Second);
        return (hash, packets);
    }
}
