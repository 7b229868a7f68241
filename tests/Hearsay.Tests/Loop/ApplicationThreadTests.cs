using System.Collections.Concurrent;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Loop;

/// <summary>
/// Nothing of the application's runs on the threads that receive and keep due times, whatever its context does with
/// what is posted to it.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class ApplicationThreadTests
{
    [Fact]
    public async Task What_awaits_a_node_never_goes_on_on_a_thread_of_the_node()
    {
        await using var nodes = await new LiveNodes().StartManyAsync(2);
        var node = nodes.First;
        Assert.True(node.Loop.HasOwnThread);
        var context = new InlineContext();
        var tasks = new List<Task>();
        context.Enter(() =>
        {
            tasks.Add(node.WaitForPeersAsync());
            tasks.Add(node.SetMetadataAsync(new byte[1]));
            tasks.Add(node.ContactAsync([node.LocalAddress.ToString()]));
            tasks.Add(node.SetAdvertisedAddressAsync(node.LocalAddress.ToString()));
            tasks.Add(FirstAsync(node.WatchViewAsync()));
            tasks.Add(PublishAsync(nodes.All[1].GetTopic("t"), node.GetTopic("t")));
            tasks.Add(MetadataAsync(node));
            tasks.Add(FirstAsync(node.GetAggregate("n").Count(() => true).WatchCyclesAsync()));
            foreach (var task in tasks.ToArray())
            {
                tasks.Add(AwaitAsync(task));
            }
        });

        await Task.WhenAll(tasks).WaitAsync(Eventually.Deadline);

        Assert.NotEmpty(context.Threads);
        Assert.DoesNotContain(context.Threads, name => name?.StartsWith("Hearsay", StringComparison.Ordinal) == true);
    }

    private static async Task AwaitAsync(Task task) => await task;

    private static async Task FirstAsync<T>(IAsyncEnumerable<T> sequence)
    {
        await foreach (var _ in sequence)
        {
            return;
        }
    }

    private static async Task PublishAsync(Topic from, Topic to)
    {
        await using var subscription = to.Subscribe();
        var tracked = await from.PublishTrackedAsync("x");
        await tracked.WaitForNodesAsync(2);
        await FirstAsync(subscription);
    }

    private static async Task MetadataAsync(GossipNode node)
    {
        await node.WaitForPeersAsync();
        Assert.True(node.TryGetPeer(out var peer));
        await node.GetMetadataAsync(peer);
    }

    /// <summary>Runs what is posted to it at once, on the thread that posts it, and remembers which.</summary>
    private sealed class InlineContext : SynchronizationContext
    {
        public ConcurrentQueue<string?> Threads { get; } = new();

        public void Enter(Action action)
        {
            var before = Current;
            SetSynchronizationContext(this);
            action();
            SetSynchronizationContext(before);
        }

        public override void Post(SendOrPostCallback d, object? state)
        {
            Threads.Enqueue(Thread.CurrentThread.Name);
            Enter(() => d(state));
        }
    }
}
