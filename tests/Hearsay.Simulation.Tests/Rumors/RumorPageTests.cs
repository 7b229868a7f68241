using Hearsay.Protocols;
using Hearsay.Protocols.Rumors;

namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>What the page of the protocol shows.</summary>
public sealed class RumorPageTests
{
    [Fact]
    public void The_program_of_the_page_tells_every_node()
    {
        var network = new VirtualNetwork();
        for (var i = 0; i < 100; i++)
        {
            var rumors = new RumorProtocol(new RumorOptions { Mode = RumorMode.PushPull });
            network.Add(configure: core => core with { Protocols = [rumors] });
        }

        network.Run(TimeSpan.FromSeconds(20));
        network.Command(network.Nodes[7], (core, now) => core.Post(now, RumorProtocol.FrameId, "news"u8.ToArray()));
        network.Run(TimeSpan.FromSeconds(20));
        var heard = network.Nodes.Count(node => node.Events.OfType<RumorHeard>().Any());

        // The one that told it knows it already.
        Assert.InRange(heard, 99, 100);
    }
}
