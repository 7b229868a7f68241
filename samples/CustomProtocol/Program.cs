// A protocol of your own on three nodes in one process: one is told a rumor, all hear it. With the name of a file, the
// same protocol runs on forty simulated nodes, and the file gets a trace for the page of 'hearsay play'.
using CustomProtocol;
using Hearsay;

if (args is [var path])
{
    Simulated.Trace(path);
    Console.WriteLine($"{path} has a trace. Drop it on the page of 'hearsay play'.");
    return;
}

var nodes = new List<GossipNode>();
for (var i = 0; i < 3; i++)
{
    nodes.Add(await GossipNode.StartAsync(new GossipNodeOptions
    {
        Bind = "127.0.0.1:0",
        Seeds = [.. nodes.Take(1).Select(node => node.LocalAddress.ToString())],
        Protocols = [new RumorProtocol()],
    }));
}

await Task.WhenAll(nodes.Select(node => node.WaitForPeersAsync()));
var heard = nodes.Select(FirstRumorAsync).ToList();
if (!nodes[0].Post(128, "gossip is nice"))
{
    throw new InvalidOperationException("Too many commands wait for the node.");
}

await Task.WhenAll(heard).WaitAsync(TimeSpan.FromSeconds(10));
await Task.WhenAll(nodes.Select(node => node.LeaveAsync()));

static async Task FirstRumorAsync(GossipNode node)
{
    await foreach (var happened in node.WatchEventsAsync())
    {
        Console.WriteLine($"{node.Addresses} heard: {happened.Happened}");
        return;
    }
}
