using Hearsay.Identity;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task A_leave_is_told_and_not_undone()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(8);
        await nodes.ViewsHoldAsync(7);
        var leaver = nodes.All[5];
        var others = nodes.All.Where(node => node != leaver).ToList();
        await leaver.LeaveAsync();
        await Eventually.TrueAsync(() => others.TrueForAll(node => !Sees(node, leaver.Id)), "all dropped it");

        var goal = others.Max(node => node.Counters.Cycles) + 10;
        await Eventually.TrueAsync(
            () =>
            {
                Assert.DoesNotContain(others, node => Sees(node, leaver.Id));
                return others.TrueForAll(node => node.Counters.Cycles > goal);
            },
            "ten cycles without it");
        Assert.Contains(others, node => node.Counters.Departures > 0);
    }

    [Fact]
    public async Task A_node_that_restarts_with_its_data_keeps_its_id_and_is_taken_back()
    {
        using var directory = new TemporaryDirectory();
        await using var nodes = await new LiveNodes().StartManyAsync(2);
        var options = nodes.Options with { DataDirectory = directory.Path };
        var first = await nodes.StartAsync(options);
        await nodes.ViewsHoldAsync(2);
        var before = nodes.First.GetView().Single(peer => peer.Id == first.Id);
        await first.CrashAsync();

        var again = await nodes.StartAsync(options with { Bind = first.LocalAddress.ToString() });

        Assert.Equal(first.Id, again.Id);
        await Eventually.TrueAsync(
            () => nodes.All.Take(2).All(node => node.GetView().Any(
                peer => peer.Id == again.Id && peer.Incarnation > before.Incarnation)),
            "both others see its new life");
    }

    [Fact]
    public async Task Two_nodes_cannot_share_a_data_directory()
    {
        using var directory = new TemporaryDirectory();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var first = await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });

        var failure = await Assert.ThrowsAsync<IOException>(
            () => nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path }));

        Assert.Contains(directory.Path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("another node runs on it", failure.Message, StringComparison.Ordinal);
        await first.LeaveAsync();
        await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });
    }

    [Fact]
    public async Task Metadata_set_at_run_time_raises_the_incarnation_for_the_next_start_too()
    {
        using var directory = new TemporaryDirectory();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var first = await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });
        var file = Path.Combine(directory.Path, "node.json");
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await first.SetMetadataAsync(new byte[1]);

        await Eventually.TrueAsync(() => File.ReadAllText(file) != before, "it is stored");
    }

    [Fact]
    public async Task A_flood_of_reasons_to_store_the_identity_is_a_few_writes()
    {
        using var directory = new TemporaryDirectory();
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        using var store = IdentityStore.Open(directory.Path);
        var events = new NodeEvents(nodes.Options, store, TestContext.Current.CancellationToken);
        using var watcher = new FileSystemWatcher(directory.Path, "node.json");
        var writes = 0;
        watcher.Renamed += (_, _) => Interlocked.Increment(ref writes);
        watcher.EnableRaisingEvents = true;

        for (var i = 0; i < 1_000; i++)
        {
            events.SaveIdentity(nodes.First.Loop.Core);
        }

        await Eventually.TrueAsync(() => Volatile.Read(ref writes) > 0, "it is stored");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.InRange(Volatile.Read(ref writes), 1, 100);
    }

    private static bool Sees(GossipNode node, NodeId id) => node.GetView().Any(peer => peer.Id == id);
}
