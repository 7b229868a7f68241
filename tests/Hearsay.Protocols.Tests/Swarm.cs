using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Simulation;

namespace Hearsay.Protocols.Tests;

/// <summary>Whole networks in virtual time, and what can be said of their overlays.</summary>
internal static class Swarm
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Nodes that start together, all from the first one.</summary>
    public static VirtualNetwork Start(
        int nodes, PeerSamplingOptions? sampling = null, VirtualNetworkOptions? options = null, int cycles = 0)
    {
        var network = new VirtualNetwork(options);
        for (var i = 0; i < nodes; i++)
        {
            network.Add(sampling);
        }

        network.Run(cycles * (sampling ?? PeerSamplingOptions.Recommended).CycleTime);
        return network;
    }

    public static VirtualNode[] Up(this VirtualNetwork network) => [.. network.Nodes.Where(n => n.IsUp)];

    public static Peer[] View(this VirtualNode node) => node.Core.View.Copy();

    public static bool Knows(this VirtualNode node, VirtualNode other) =>
        node.View().Any(p => p.Id == other.Core.Self.Id);

    /// <summary>Sizes of the weakly connected components of live nodes, the largest first.</summary>
    public static int[] Components(this VirtualNetwork network)
    {
        var up = network.Up();
        var index = up.Select((n, i) => (n.Core.Self.Id, i)).ToDictionary(p => p.Id, p => p.i);
        var root = Enumerable.Range(0, up.Length).ToArray();
        int Find(int i) => root[i] == i ? i : root[i] = Find(root[i]);
        for (var i = 0; i < up.Length; i++)
        {
            foreach (var peer in up[i].View())
            {
                if (index.TryGetValue(peer.Id, out var j))
                {
                    root[Find(i)] = Find(j);
                }
            }
        }

        return [.. Enumerable.Range(0, up.Length).GroupBy(Find).Select(g => g.Count()).OrderDescending()];
    }

    /// <summary>The share of view entries that name no running node.</summary>
    public static double DeadLinks(this VirtualNetwork network)
    {
        var up = network.Up();
        var ids = up.Select(n => n.Core.Self.Id).ToHashSet();
        var entries = up.SelectMany(n => n.View()).ToArray();
        return entries.Length == 0 ? 0 : entries.Count(p => !ids.Contains(p.Id)) / (double)entries.Length;
    }

    public static Dictionary<NodeId, int> InDegrees(this VirtualNetwork network)
    {
        var degrees = network.Up().ToDictionary(n => n.Core.Self.Id, _ => 0);
        foreach (var peer in network.Up().SelectMany(n => n.View()))
        {
            if (degrees.TryGetValue(peer.Id, out var degree))
            {
                degrees[peer.Id] = degree + 1;
            }
        }

        return degrees;
    }

    public static long Dropped(this VirtualNetwork network, DropReason reason) =>
        network.Nodes.Sum(n => n.Core.Counters.Dropped(reason));

    public static void Say(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);

    /// <summary>
    /// The first frame of a protocol in a packet that one node made, without its envelope checks; one of the node's own
    /// if there is no other.
    /// </summary>
    public static (byte Protocol, byte Type, byte[] Body) FirstFrame(byte[] packet)
    {
        var reader = new WireReader(packet.AsSpan(Envelope.SizeBytes));
        var found = ((byte)0, (byte)0, Array.Empty<byte>());
        while (Frame.TryRead(ref reader, out var protocol, out var type, out var body))
        {
            if (found.Item1 == Frame.Node)
            {
                found = (protocol, type, body.ToArray());
            }
        }

        return found;
    }

    /// <summary>The head and descriptors of a request or reply.</summary>
    public static (ulong Nonce, ExchangeMode Mode, List<(NodeId Id, ulong Incarnation, int Age, MetadataPresence
        Presence)> Entries) ReadExchange(byte[] packet)
    {
        var (_, type, body) = FirstFrame(packet);
        var reader = new WireReader(body);
        var (nonce, mode, count) = (0UL, ExchangeMode.None, 0);
        if (type == SamplingMessage.Request)
        {
            var request = ExchangeRequest.Read(ref reader);
            (nonce, mode, count) = (request.Nonce, request.Mode, request.Count);
        }
        else
        {
            var reply = ExchangeReply.Read(ref reader);
            (nonce, count) = (reply.Nonce, reply.Count);
        }

        var entries = new List<(NodeId, ulong, int, MetadataPresence)>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(Descriptor.TryRead(ref reader, out var d));
            entries.Add((d.Id, d.Incarnation, d.AgeCycles, d.Presence));
        }

        return (nonce, mode, entries);
    }
}
