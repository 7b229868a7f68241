// Two nodes in one process: the second joins through the first, and each finds the other.
using System.Text;
using Hearsay;

await using var first = await GossipNode.StartAsync(new GossipNodeOptions { Bind = "127.0.0.1:0" });
await using var second = await GossipNode.StartAsync(new GossipNodeOptions
{
    Bind = "127.0.0.1:0",
    Seeds = [first.LocalAddress.ToString()],
    Metadata = "http=8080"u8.ToArray(),
});

await second.WaitForPeersAsync();
if (second.TryGetPeer(out var peer))
{
    Console.WriteLine($"the second node can talk to {peer.Address}");
}

await foreach (var change in first.WatchViewAsync())
{
    var services = Encoding.UTF8.GetString(change.Peer.Metadata.Span);
    Console.WriteLine($"the first node sees: {change.Kind} {change.Peer.Address}, services {services}");
    break;
}

await second.LeaveAsync();
