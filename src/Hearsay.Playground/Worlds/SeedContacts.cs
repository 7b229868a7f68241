namespace Hearsay.Playground.Worlds;

/// <summary>The contacts that new nodes are given.</summary>
internal static class SeedContacts
{
    /// <summary>Some running nodes, chosen at random.</summary>
    public static NodeAddress[] Of(VirtualNetwork network, ref SeededRandom random, int count = 3)
    {
        var up = network.Nodes.Where(static node => node.IsUp).Select(static node => node.Address).ToArray();
        random.Shuffle<NodeAddress>(up);
        return up[..Math.Min(count, up.Length)];
    }
}
