using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Node;

public sealed class SmokeTests
{
    [Fact]
    public void Two_hundred_nodes_join_through_one_seed()
    {
        var network = new VirtualNetwork();
        for (var i = 0; i < 200; i++)
        {
            network.Add();
        }

        network.AfterEvent = node => node.Core.AssertInvariants();
        for (var t = 0; t < 12; t++)
        {
            network.Run(TimeSpan.FromSeconds(1));
            var counts = network.Nodes.Select(n => n.Core.View.Count).ToArray();
            TestContext.Current.TestOutputHelper!.WriteLine($"{t + 1}: min {counts.Min()} mean {counts.Average():0.0}");
        }

        foreach (var node in network.Nodes)
        {
            var c = node.Core.Counters;
            Assert.Equal(30, node.Core.View.Count);
            Assert.Equal(0, c.ExchangesTimedOut);
            foreach (var reason in Enum.GetValues<DropReason>())
            {
                if (reason is not DropReason.None)
                {
                    Assert.True(c.Dropped(reason) == 0, $"{reason}: {c.Dropped(reason)}");
                }
            }
        }
    }
}
