using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests.Network;

/// <summary>Whole nodes of mode key, with real records in simulated time.</summary>
public sealed class ProtectedNetworkTests
{
    [Fact]
    public void Nodes_with_the_same_key_find_each_other_and_go_on_for_minutes()
    {
        var security = SeededCipher.Security(seed: 5);
        var network = Make(nodes: 40, _ => security);
        network.Run(TimeSpan.FromMinutes(4));
        var counters = network.Nodes.Select(node => node.Core.Counters).ToArray();
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            var n = counters.Sum(c => c.Dropped(reason));
            if (n > 0)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{reason} {n}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{counters.Sum(c => c.PacketsSent)} sent {counters.Sum(c => c.ExchangesStarted)} started "
            + $"{counters.Sum(c => c.ExchangesCompleted)} completed {counters.Sum(c => c.ExchangesTimedOut)} out "
            + $"{counters.Sum(c => c.Challenges)} challenges {counters.Sum(c => c.ChallengesAnswered)} answered "
            + $"{counters.Sum(c => c.Evictions)} evictions");
        Assert.All(network.Nodes, node => Assert.Equal(30, node.Core.View.Count));
        Assert.Equal(0, counters.Sum(c => c.ExchangesTimedOut));
    }

    private static VirtualNetwork Make(int nodes, Func<int, Protocols.Security.NodeSecurity> security)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 3 });
        for (var i = 0; i < nodes; i++)
        {
            network.Add(configure: options => options with { Security = security(network.Nodes.Count) });
        }

        return network;
    }
}
