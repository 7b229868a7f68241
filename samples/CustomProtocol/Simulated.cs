using Hearsay;
using Hearsay.Protocols;
using Hearsay.Simulation;

namespace CustomProtocol;

/// <summary>The same class on forty simulated nodes, and a trace for the page of the playground.</summary>
internal static class Simulated
{
    /// <summary>Ten seconds in which the network gets to know itself, then a rumor, and half of it dies.</summary>
    /// <param name="path">The file to write.</param>
    public static void Trace(string path)
    {
        var protocols = new List<RumorProtocol>();
        var network = new VirtualNetwork(new VirtualNetworkOptions { Seed = 7, Loss = 0.1 });
        for (var i = 0; i < 40; i++)
        {
            protocols.Add(new RumorProtocol());
            network.Add(
                PeerSamplingOptions.Recommended.WithViewSize(10),
                configure: core => core with { Protocols = [protocols[^1]] });
        }

        network.Run(TimeSpan.FromSeconds(10));

        using var file = File.Create(path);
        using var trace = new NetworkTrace(network, file, new NetworkTraceOptions
        {
            Title = "My rumors",
            Values = [new TraceValue("rumors heard", 0, 2, node => protocols[node.Index].Heard)],
            Metrics = [new TraceMetric("rumors heard", "", network => protocols.Sum(protocol => protocol.Heard))],
            FrameNames = new Dictionary<(byte Protocol, byte Type), string> { [(128, 1)] = "my rumor" },
        });
        network.Command(network.Nodes[3], (core, now) => core.Post(now, 128, "gossip is nice"));
        network.Run(TimeSpan.FromSeconds(2));

        foreach (var node in network.Nodes.Take(20))
        {
            network.Kill(node);
            trace.Tell(new Fault(FaultKind.Crash, network.Now, node.Index));
        }

        network.Command(network.Nodes[33], (core, now) => core.Post(now, 128, "half of us are gone"));
        network.Run(TimeSpan.FromSeconds(10));
    }
}
