using System.Diagnostics;
using System.Net;
using Hearsay.Addresses;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Topics;

/// <summary>What becomes of a message whose publisher leaves.</summary>
public sealed class LeaveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 20)]
    [InlineData(true, 4000)]
    [InlineData(true, 2_000_000)]
    public async Task Who_waits_for_peers_publishes_and_leaves_is_heard_every_time(bool sockets, int payloadBytes)
    {
        await using var nodes = await LinkedAsync(3, sockets);
        await using var subscription = nodes.All[1].GetTopic("t").Subscribe(new() { CapacityBytes = 64 << 20 });
        await using var messages = subscription.GetAsyncEnumerator(Cancellation);
        for (var i = 0; i < 5; i++)
        {
            await using var guest = await GossipNode.StartAsync(nodes.Options, Cancellation);
            await guest.WaitForPeersAsync(cancellationToken: Cancellation);
            var published = await guest.GetTopic("t").PublishAsync(new byte[payloadBytes], Cancellation);
            Assert.True((await guest.LeaveAsync()).IsComplete);
            Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline, Cancellation));
            Assert.Equal((published.Id, payloadBytes), (messages.Current.Id, messages.Current.Payload.Length));
        }
    }

    [Fact]
    public async Task Who_publishes_before_it_knows_anybody_and_leaves_at_once_is_heard()
    {
        await using var nodes = await LinkedAsync(2, sockets: true);
        await using var subscription = nodes.All[1].GetTopic("t").Subscribe();
        await using var messages = subscription.GetAsyncEnumerator(Cancellation);
        await using (var guest = await GossipNode.StartAsync(nodes.Options, Cancellation))
        {
            await guest.GetTopic("t").PublishAsync("early", Cancellation);
        }

        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline, Cancellation));
        Assert.Equal("early", messages.Current.Text);
    }

    [Fact]
    public async Task Who_leaves_while_the_name_of_its_seed_is_looked_up_is_heard()
    {
        await using var nodes = await LinkedAsync(2, sockets: true);
        await using var subscription = nodes.All[1].GetTopic("t").Subscribe();
        await using var messages = subscription.GetAsyncEnumerator(Cancellation);
        var names = new NameResolver(
            _ =>
            {
                Thread.Sleep(300);
                return [IPAddress.Loopback];
            },
            Eventually.Deadline);
        var options = nodes.Options with { Seeds = [$"seed.test:{nodes.First.LocalAddress.Port}"], Names = names };
        await using (var guest = await GossipNode.StartAsync(options, Cancellation))
        {
            await guest.GetTopic("t").PublishAsync("early", Cancellation);
            Assert.True((await guest.LeaveAsync(Cancellation)).IsComplete);
        }

        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline, Cancellation));
        Assert.Equal("early", messages.Current.Text);
    }

    [Fact]
    public async Task A_node_that_is_alone_says_what_nobody_has_and_does_not_wait()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        var published = await nodes.First.GetTopic("t").PublishAsync("x", Cancellation);
        var watch = Stopwatch.StartNew();
        var result = await nodes.First.LeaveAsync();
        Assert.Equal([published.Id], result.NotHandedOver);
        Assert.False(result.IsComplete);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, nodes.First.Options.LeaveTimeout / 2);
    }

    [Fact]
    public async Task Who_is_in_a_hurry_hands_nothing_over()
    {
        await using var nodes = await LinkedAsync(2, sockets: false);
        var hasty = await nodes.StartAsync(nodes.Options with { LeaveTimeout = TimeSpan.Zero });
        await hasty.GetTopic("t").PublishAsync("x", Cancellation);
        var result = await hasty.LeaveAsync();
        Assert.Equal((false, 0), (result.IsKnown, result.NotHandedOver.Count));
    }

    /// <summary>Nobody answers, so that handing over takes seconds and then is known to have failed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_leave_that_is_cancelled_stops_the_node_without_handing_over(bool isCancelled)
    {
        var network = new MemoryNetwork();
        await using var nodes = new LiveNodes(network);
        var node = await nodes.StartAsync(nodes.Options with { Seeds = [network.NewAddress().ToString()] });
        using var cancelled = new CancellationTokenSource();
        await node.GetTopic("t").PublishAsync("x", Cancellation);
        var leaving = node.LeaveAsync(Cancellation);
        var again = node.LeaveAsync(cancelled.Token);
        if (isCancelled)
        {
            await cancelled.CancelAsync();
        }

        var result = await leaving.WaitAsync(Eventually.Deadline, Cancellation);

        Assert.Equal((!isCancelled, isCancelled ? 0 : 1), (result.IsKnown, result.NotHandedOver.Count));
        Assert.Same(result, await again);
        Assert.True(node.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_node_that_leaves_publishes_nothing_more()
    {
        await using var nodes = await LinkedAsync(2, sockets: false);
        var topic = nodes.First.GetTopic("t");
        await topic.PublishAsync("x", Cancellation);
        await nodes.First.LeaveAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => topic.PublishAsync("y", Cancellation));
        Assert.Throws<ObjectDisposedException>(() => nodes.First.GetTopic("t"));
    }

    private static async Task<LiveNodes> LinkedAsync(int count, bool sockets)
    {
        var nodes = await new LiveNodes(sockets ? null : new MemoryNetwork()).StartManyAsync(count);
        await Eventually.TrueAsync(
            () => nodes.All.All(node => node.Topics!.Neighbours.Count == count - 1), "all are linked");
        return nodes;
    }
}
