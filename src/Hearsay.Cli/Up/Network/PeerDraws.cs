namespace Hearsay.Cli.Up.Network;

/// <summary>Shows what the service is for: one node is asked for peers.</summary>
internal static class PeerDraws
{
    private const int Draws = 4;
    private const int Several = 3;

    /// <summary>A few draws of one live node, as lines of text.</summary>
    public static IReadOnlyList<string> Of(LocalNetwork network)
    {
        var node = network.Live.First();
        var lines = new List<string> { $"Node {network.NumberOf(node.Id)} is asked for peers:" };
        for (var i = 0; i < Draws; i++)
        {
            lines.Add(node.TryGetPeer(out var peer, out var origin)
                ? $"  TryGetPeer  {Describe(network, peer)}, {origin.ToString().ToLowerInvariant()}"
                : "  TryGetPeer  none: its view is empty");
        }

        var call = $"  GetPeers({Several}) ";
        var several = node.GetPeers(Several).Select(peer => Describe(network, peer)).DefaultIfEmpty("nobody");
        lines.AddRange(several.Select((peer, index) => (index == 0 ? call : "".PadRight(call.Length)) + peer));
        return lines;
    }

    private static string Describe(LocalNetwork network, Peer peer) =>
        $"node {network.NumberOf(peer.Id)} at {peer.Address}, age {peer.AgeCycles}";
}
