using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging.Testing;

namespace Hearsay.Tests;

/// <summary>A data directory that was copied to another host.</summary>
public sealed class NamesakeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_on_a_copied_data_directory_takes_a_new_id_stores_it_gets_in_and_both_are_told(
        bool throughTheOriginal)
    {
        using var directory = new TemporaryDirectory();
        using var copied = new TemporaryDirectory();
        var (log, cloneLog) = (new FakeLoggerProvider(), new FakeLoggerProvider());
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(2);
        var original = await nodes.StartAsync(nodes.Options with
        {
            DataDirectory = directory.Path, LoggerFactory = LiveNodes.Logging(log),
        });
        await nodes.ViewsHoldAsync(2);
        directory.CopyIdentityTo(copied);
        var id = original.Id;

        var clone = await nodes.StartAsync(nodes.Options with
        {
            DataDirectory = copied.Path,
            LoggerFactory = LiveNodes.Logging(cloneLog),
            Seeds = [(throughTheOriginal ? original : nodes.First).LocalAddress.ToString()],
        });
        await nodes.ViewsHoldAsync(3);
        await Eventually.TrueAsync(() => clone.Id != id, "the clone has a new id");

        Assert.Equal(id, original.Id);
        await Eventually.TrueAsync(() => Stored(copied).Contains($"{clone.Id}", StringComparison.Ordinal),
            "the new id is stored");
        Assert.Contains($"{id}", Stored(directory), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            () => nodes.All.All(node => nodes.All.All(
                other => other == node || node.GetView().Any(
                    peer => peer.Id == other.Id && peer.Address == other.LocalAddress))),
            "all know all, each at its own address");
        await Eventually.TrueAsync(
            () => Said(log, $"at {clone.LocalAddress}, uses this node's id {id}") == 1
                && Said(cloneLog, "uses this node's id") == 0
                && Said(cloneLog, $"The id {id} belongs to the node at {original.LocalAddress}") == 1,
            "both are told once");
    }

    [Fact]
    public async Task What_a_clone_publishes_after_it_took_a_new_id_reaches_everybody()
    {
        using var directory = new TemporaryDirectory();
        using var copied = new TemporaryDirectory();
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(3);
        var original = await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });
        await nodes.ViewsHoldAsync(3);
        directory.CopyIdentityTo(copied);
        var clone = await nodes.StartAsync(nodes.Options with { DataDirectory = copied.Path });
        await Eventually.TrueAsync(() => clone.Id != original.Id, "the clone has a new id");
        await nodes.ViewsHoldAsync(4);

        foreach (var publisher in new[] { clone, original })
        {
            await using var heard = nodes.First.GetTopic("t").Subscribe();
            await Eventually.TrueAsync(() => publisher.Topics!.Neighbours.Count > 0, "it has a neighbour");
            await publisher.GetTopic("t").PublishAsync($"from {publisher.LocalAddress}");
            await foreach (var message in heard.WithCancellation(TestContext.Current.CancellationToken))
            {
                Assert.Equal($"from {publisher.LocalAddress}", message.Text);
                Assert.Equal(publisher.Id, message.Origin);
                break;
            }
        }
    }

    [Fact]
    public async Task By_option_it_stops_says_why_and_takes_nobody_with_it()
    {
        using var directory = new TemporaryDirectory();
        using var copied = new TemporaryDirectory();
        var log = new FakeLoggerProvider();
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(2);
        var original = await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });
        await nodes.ViewsHoldAsync(2);
        directory.CopyIdentityTo(copied);

        var clone = await nodes.StartAsync(nodes.Options with
        {
            DataDirectory = copied.Path,
            OnIdConflict = IdConflictAction.Stop,
            LoggerFactory = LiveNodes.Logging(log),
        });
        var stopped = await Assert.ThrowsAsync<IdConflictException>(
            () => clone.Completion.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));

        Assert.Contains($"{original.LocalAddress} has run for longer under this node's id {original.Id}",
            stopped.Message, StringComparison.Ordinal);
        Assert.Contains("Delete its node.json", stopped.Message, StringComparison.Ordinal);
        Assert.Equal((original.Id, original.LocalAddress), (stopped.Id, stopped.Address));
        Assert.Equal(1, Said(log, "this node stops, as OnIdConflict says"));
        var goal = nodes.First.Counters.Cycles + 10;
        await Eventually.TrueAsync(() => nodes.First.Counters.Cycles > goal, "ten cycles");
        Assert.Contains(nodes.First.GetView(),
            peer => peer.Id == original.Id && peer.Address == original.LocalAddress);
        Assert.False(original.Completion.IsCompleted);
    }

    [Fact]
    public async Task By_option_the_first_wait_of_a_node_that_joins_through_the_original_fails_with_the_conflict()
    {
        using var directory = new TemporaryDirectory();
        using var copied = new TemporaryDirectory();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });
        directory.CopyIdentityTo(copied);

        var clone = await nodes.StartAsync(nodes.Options with
        {
            DataDirectory = copied.Path, OnIdConflict = IdConflictAction.Stop,
        });

        var stopped = await Assert.ThrowsAsync<ObjectDisposedException>(() => Within(clone.WaitForPeersAsync()));
        Assert.IsType<IdConflictException>(stopped.InnerException);
    }

    [Fact]
    public async Task By_option_everything_that_waits_for_it_when_it_stops_fails_with_the_conflict()
    {
        using var directory = new TemporaryDirectory();
        using var copied = new TemporaryDirectory();
        var network = new MemoryNetwork();
        await using var nodes = new LiveNodes(network);
        var original = await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });
        directory.CopyIdentityTo(copied);
        var clone = await nodes.StartAsync(nodes.Options with
        {
            Seeds = [network.NewAddress().ToString()],
            DataDirectory = copied.Path,
            OnIdConflict = IdConflictAction.Stop,
            Rumors = new RumorOptions
            {
                CycleTime = TimeSpan.FromHours(1), MemoryTime = TimeSpan.FromHours(100), NewPerCycle = 1,
            },
        });
        await clone.Rumors.SpreadAsync("x");
        var (topic, aggregate) = (clone.GetTopic("t"), clone.GetAggregate("a").Define(AggregateKind.Average, null));
        using var impatient = new CancellationTokenSource();
        var publishing = topic.PublishTrackedAsync("tracked", impatient.Token);
        await impatient.CancelAsync();
        var tracked = await publishing;
        var waits = new Dictionary<string, Task>
        {
            ["peers"] = clone.WaitForPeersAsync(),
            ["view"] = ToEndAsync(clone.WatchViewAsync()),
            ["events"] = ToEndAsync(clone.WatchEventsAsync()),
            ["subscription"] = ToEndAsync(topic.Subscribe()),
            ["publishing"] = topic.PublishAsync("x"),
            ["tracked"] = tracked.WaitForNodesAsync(2),
            ["estimate"] = aggregate.GetAsync(),
            ["estimates"] = ToEndAsync(aggregate.WatchAsync()),
            ["rumors"] = ToEndAsync(clone.Rumors.Subscribe()),
            ["spreading"] = clone.Rumors.SpreadAsync("there is no room in this cycle"),
            ["cycles"] = ToEndAsync(aggregate.WatchCyclesAsync()),
        };

        await clone.ContactAsync([original.LocalAddress.ToString()]);

        foreach (var (name, wait) in waits)
        {
            var thrown = await Record.ExceptionAsync(() => Within(wait));
            Assert.True(thrown is ObjectDisposedException { InnerException: IdConflictException conflict }
                && conflict.Address == original.LocalAddress, $"{name}: {thrown}");
        }
    }

    [Fact]
    public async Task Completion_completes_when_a_node_leaves()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        Assert.False(nodes.First.Completion.IsCompleted);
        await nodes.First.LeaveAsync();
        await nodes.First.Completion.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
    }

    private static Task Within(Task task) => task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

    private static async Task ToEndAsync<T>(IAsyncEnumerable<T> sequence)
    {
        await foreach (var _ in sequence)
        {
        }
    }

    private static string Stored(TemporaryDirectory directory) =>
        File.ReadAllText(Path.Combine(directory.Path, "node.json"));

    private static int Said(FakeLoggerProvider log, string text) =>
        log.Collector.GetSnapshot().Count(line => line.Message.Contains(text, StringComparison.Ordinal));
}
