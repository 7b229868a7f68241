using System.Text.Json;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task A_leave_is_told_and_not_undone()
    {
        // A peer that does not answer stays in the view, so only the word of the one that leaves can remove it.
        var sampling = LiveNodes.Quick with { EvictOnTimeout = false };
        var network = new MemoryNetwork();
        await using var nodes = await new LiveNodes(network, sampling).StartManyAsync(8);
        await nodes.ViewsHoldAsync(7);
        var (leaver, deaf) = (nodes.All[5], nodes.All[2]);
        var others = nodes.All.Where(node => node != leaver && node != deaf).ToList();
        network.Partition([deaf.LocalAddress]);
        await leaver.LeaveAsync();
        await Eventually.TrueAsync(() => others.TrueForAll(node => !Sees(node, leaver.Id)), "all dropped it");

        // From here on one node, which did not hear it, tells the others of the one that left.
        network.Heal();
        var goal = nodes.All.Where(node => node != leaver).Max(node => node.Counters.Cycles) + 10;
        await Eventually.TrueAsync(
            () =>
            {
                Assert.DoesNotContain(others, node => Sees(node, leaver.Id));
                return others.TrueForAll(node => node.Counters.Cycles > goal) && deaf.Counters.Cycles > goal;
            },
            "ten cycles without it");
        Assert.True(Sees(deaf, leaver.Id));
        Assert.All(others, node => Assert.Equal(1, node.Counters.Departures));
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
        Assert.Contains("is in use by another node", failure.Message, StringComparison.Ordinal);
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
        var before = Incarnation();
        for (var i = 1UL; i <= 3; i++)
        {
            await first.SetMetadataAsync(new byte[i]);
            await Eventually.TrueAsync(() => Incarnation() == before + i, "it is stored");
        }

        await first.LeaveAsync();
        var again = await nodes.StartAsync(nodes.Options with
        {
            DataDirectory = directory.Path, Time = new EarlyClock(),
        });
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(before + 4, Incarnation());

        ulong Incarnation()
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return json.RootElement.GetProperty("incarnation").GetUInt64();
        }
    }

    /// <summary>A clock that was set back: what was stored must count.</summary>
    private sealed class EarlyClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }

    private static bool Sees(GossipNode node, NodeId id) => node.GetView().Any(peer => peer.Id == id);
}
