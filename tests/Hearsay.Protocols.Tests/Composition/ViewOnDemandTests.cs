using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests.Composition;

/// <summary>A driver that runs a node and reads it on one thread need not pay for views that nobody looks at.</summary>
public sealed class ViewOnDemandTests
{
    private const int Nodes = 40;

    [Fact]
    public void Publishing_on_demand_and_sharing_a_workspace_change_nothing_that_can_be_seen()
    {
        var saving = Run(options => options);
        var plain = Run(options => options with { PublishesOnDemand = false, Workspace = null });
        Assert.Equal(plain.TraceHash, saving.TraceHash);
        for (var i = 0; i < Nodes; i++)
        {
            Assert.Equal(Described(plain.Nodes[i]), Described(saving.Nodes[i]));
        }
    }

    [Fact]
    public void What_is_published_on_demand_is_not_the_view_until_it_is_asked_for()
    {
        var network = Run(options => options);
        var node = network.Nodes[5];
        var view = node.Core.View;
        var before = view.Cycle;
        network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(before, view.Cycle);
        Assert.Same(view, node.Core.View);
        Assert.True(view.Cycle >= before + 4);
    }

    [Fact]
    public void Whoever_has_a_sampler_always_draws_from_the_view_of_now()
    {
        var network = Run(options => options);
        var node = network.Nodes[5];
        var view = node.Core.View;
        var before = view.Cycle;
        Assert.True(node.Core.Samplers.TryCreate(SamplingPolicy.UniformWithoutReplacement, out _));
        network.Run(TimeSpan.FromSeconds(5));
        Assert.True(view.Cycle >= before + 4);
    }

    private static string[] Described(VirtualNode node) =>
        [.. node.Core.View.Copy().Select(p => $"{p} {p.Incarnation} {p.AgeCycles}").Order(StringComparer.Ordinal)];

    private static VirtualNetwork Run(Func<NodeCoreOptions, NodeCoreOptions> configure)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Loss = 0.05 });
        for (var i = 0; i < Nodes; i++)
        {
            network.Add(configure: configure);
        }

        network.Run(TimeSpan.FromSeconds(30));
        return network;
    }
}
