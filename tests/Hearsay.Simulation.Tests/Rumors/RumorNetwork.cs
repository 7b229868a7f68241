using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>
/// Whole nodes with the shipped rumor protocol in virtual time, and what became of the rumors they began. They know
/// each other's addresses, as in the bulk run: a first contact does not cost more than others.
/// </summary>
internal static class RumorNetwork
{
    private static readonly PeerSamplingOptions s_silent = PeerSamplingOptions.Recommended with
    {
        CycleTime = TimeSpan.FromHours(1),
    };

    /// <summary>The rumors run at once, in shared datagrams, and count as so many trials.</summary>
    public static RumorOutcome Run(
        RumorOptions options, int nodes, int rumors, RumorFault fault = RumorFault.None, int cycles = 60,
        int textBytes = 4, ulong seed = 1, double loss = 0)
    {
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = seed, Loss = loss });
        NodeAddress[] addresses = [.. Enumerable.Range(0, nodes).Select(VirtualNetwork.AddressOf)];
        var all = new Peer[nodes];
        var protocols = new RumorNode[nodes];
        for (var i = 0; i < nodes; i++)
        {
            var index = i;
            protocols[i] = new RumorNode(options, fault, all, i);
            network.Add(s_silent, [], o =>
            {
                all[index] = new Peer(o.Self.Id, o.Self.Addresses, 1, 0, null);
                return o with { Protocols = [protocols[index]], VouchedAddresses = addresses };
            });
        }

        network.Run(options.CycleTime / 2);
        for (var i = 0; i < rumors; i++)
        {
            var text = new byte[textBytes];
            text[0] = (byte)i;
            network.Command(network.Nodes[i * nodes / rumors], (core, now) => core.Post(now, 4, text));
        }

        network.Run(cycles * options.CycleTime);
        return OutcomeOf(network, protocols, rumors);
    }

    private static RumorOutcome OutcomeOf(VirtualNetwork network, RumorNode[] protocols, int rumors)
    {
        var heard = network.Nodes.SelectMany(node => node.Events.OfType<RumorHeard>()).ToArray();
        foreach (var node in network.Nodes)
        {
            var ids = node.Events.OfType<RumorHeard>().Select(rumor => rumor.Id).ToArray();
            Assert.Equal(ids.Length, ids.Distinct().Count());
            Assert.Equal(0, node.Core.Counters.ProtocolFaults);
            Assert.Equal(0, node.Core.Counters.Dropped(DropReason.Amplification));
        }

        Assert.All(protocols, protocol => Assert.Equal(0, protocol.Inner.Counters.Malformed));
        var all = (double)protocols.Length * rumors;
        var last = heard.GroupBy(rumor => rumor.Id).Select(copies => copies.Max(copy => copy.AgeCycles + 1));
        return new RumorOutcome(
            1 - ((heard.Length + rumors) / all), protocols.Sum(p => p.Inner.Counters.CopiesSent) / all,
            protocols.Sum(p => p.Inner.Counters.RequestsSent) / (double)protocols.Length,
            heard.Select(rumor => rumor.AgeCycles + 1.0).DefaultIfEmpty().Average(),
            (int)Math.Round(last.DefaultIfEmpty().Average()), 0);
    }
}
