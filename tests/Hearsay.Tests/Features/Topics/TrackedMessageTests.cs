using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Topics;

public sealed class TrackedMessageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 10)]
    [InlineData(true, 10)]
    [InlineData(true, 200_000)]
    public async Task A_publisher_learns_that_every_node_has_its_message(bool sockets, int bytes)
    {
        await using var nodes = await StartAsync(8, sockets);
        var message = await nodes.All[3].GetTopic("t").PublishTrackedAsync(new byte[bytes], Cancellation);
        await message.WaitForNodesAsync(8, Cancellation).WaitAsync(Patience, Cancellation);
        Assert.Equal((8, true), (message.NodesReached, message.IsFollowed));
    }

    [Fact]
    public async Task The_share_is_that_of_the_estimated_size()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        for (var i = 0; i < 6; i++)
        {
            await nodes.StartAsync(nodes.Options with
            {
                Aggregation = new AggregationOptions
                {
                    CycleTime = TimeSpan.FromMilliseconds(50), CyclesPerEpoch = 12,
                },
            });
        }

        await LinkedAsync(nodes);
        var message = await nodes.First.GetTopic("t").PublishTrackedAsync("x", Cancellation);
        await message.WaitForShareAsync(1, Cancellation).WaitAsync(Patience, Cancellation);
        Assert.Equal(1, message.ShareReached);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => message.WaitForShareAsync(1.1, Cancellation));
    }

    [Fact]
    public async Task A_share_that_is_not_reached_in_time_is_told()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        for (var i = 0; i < 6; i++)
        {
            // Epochs of an hour: who left stays in the estimate.
            await nodes.StartAsync(nodes.Options with
            {
                Aggregation = new AggregationOptions
                {
                    CycleTime = TimeSpan.FromMilliseconds(50), CyclesPerEpoch = 10_000, FirstSizeGuess = 6,
                },
            });
        }

        await LinkedAsync(nodes);
        await Eventually.TrueAsync(() => nodes.First.NetworkSize is > 5.5 and < 6.5, "a size of 6");
        await nodes.All[5].DisposeAsync();
        var message = await nodes.First.GetTopic("t").PublishTrackedAsync("x", Cancellation);
        await message.WaitForNodesAsync(5, Cancellation).WaitAsync(Patience, Cancellation);
        var late = await Assert.ThrowsAsync<TimeoutException>(
            () => message.WaitForShareAsync(0.95, TimeSpan.FromSeconds(0.5), Cancellation));
        Assert.Equal("Within 0.5 s 5 of about 6 nodes acknowledged the message (83 %).", late.Message);
        await message.WaitForShareAsync(0.8, TimeSpan.FromSeconds(30), Cancellation);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => message.WaitForShareAsync(0.8, TimeSpan.Zero, Cancellation));
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => message.WaitForShareAsync(0.95, TimeSpan.FromSeconds(30), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Without_aggregation_nobody_knows_the_share()
    {
        await using var nodes = await StartAsync(2);
        var message = await nodes.First.GetTopic("t").PublishTrackedAsync("x", Cancellation);
        Assert.Null(message.ShareReached);
        await Assert.ThrowsAsync<InvalidOperationException>(() => message.WaitForShareAsync(0.5, Cancellation));
    }

    [Fact]
    public async Task The_65th_tracked_message_takes_the_place_of_the_first()
    {
        await using var nodes = await StartAsync(3);
        var topic = nodes.First.GetTopic("t");
        var first = await topic.PublishTrackedAsync("first", Cancellation);
        await first.WaitForNodesAsync(3, Cancellation).WaitAsync(Patience, Cancellation);
        var waiting = first.WaitForNodesAsync(1000, Cancellation);
        for (var i = 2; i <= 65; i++)
        {
            Assert.True(first.IsFollowed);
            await topic.PublishTrackedAsync($"{i}", Cancellation);
        }

        var displaced = await Assert.ThrowsAsync<HearsayException>(() => waiting.WaitAsync(Patience, Cancellation));
        Assert.False(displaced.IsTransient);
        Assert.Equal((3, false), (first.NodesReached, first.IsFollowed));
        await first.WaitForNodesAsync(3, Cancellation);
    }

    [Fact]
    public async Task A_publisher_learns_how_many_links_its_message_took()
    {
        await using var nodes = await StartAsync(3);
        var topic = nodes.First.GetTopic("t");
        await topic.WaitForNeighboursAsync(2, Cancellation);

        var message = await topic.PublishTrackedAsync("x", Cancellation);
        Assert.Equal((2, 2), (message.LinksTried, message.LinksSent));
        await message.WaitForNodesAsync(3, Cancellation).WaitAsync(Patience, Cancellation);
        Assert.InRange(message.LinksConfirmed, 1, 2);

        await Task.WhenAll(nodes.All.Skip(1).Select(node => node.LeaveAsync(Cancellation)));
        await Eventually.TrueAsync(() => topic.NeighbourCount == 0, "nobody is left");
        using var impatient = new CancellationTokenSource();
        var publishing = topic.PublishAsync("y", impatient.Token);
        await impatient.CancelAsync();
        var late = await publishing;
        Assert.Equal((0, 0), (late.LinksTried, late.LinksSent));
        await nodes.StartAsync(nodes.Options with { Aggregation = null });
        await Eventually.TrueAsync(() => late is { LinksTried: 1, LinksSent: 1 }, "it goes out over the first link");
    }

    [Fact]
    public async Task A_wait_for_neighbours_ends_with_them_or_with_cancellation()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var topic = (await nodes.StartAsync()).GetTopic("t");
        var waiting = topic.WaitForNeighboursAsync(1, Cancellation);
        using var impatient = new CancellationTokenSource();
        var cancelled = topic.WaitForNeighboursAsync(2, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal((false, 0), (waiting.IsCompleted, topic.NeighbourCount));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => topic.WaitForNeighboursAsync(0, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => topic.WaitForNeighboursAsync(6, Cancellation));

        await nodes.StartAsync();

        await waiting.WaitAsync(Patience, Cancellation);
        Assert.Equal(1, topic.NeighbourCount);
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_cancelled_or_the_node_stops()
    {
        await using var nodes = await StartAsync(2);
        var message = await nodes.First.GetTopic("t").PublishTrackedAsync("x", Cancellation);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => message.WaitForNodesAsync(1000, impatient.Token));
        var waiting = message.WaitForNodesAsync(1000, Cancellation);
        await nodes.First.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Patience, Cancellation));
        Assert.False(message.IsFollowed);
    }

    [Fact]
    public async Task A_tracked_message_is_delivered_and_held_like_any_other()
    {
        await using var nodes = await StartAsync(2);
        await using var early = nodes.All[1].GetTopic("t").Subscribe();
        await nodes.First.GetTopic("t").PublishTrackedAsync("x", Cancellation);
        Assert.Equal("x", await FirstAsync(early));
        await using var late = nodes.All[1].GetTopic("t").Subscribe(new() { IncludeHeld = true });
        Assert.Equal("x", await FirstAsync(late));
    }

    private static async Task<string> FirstAsync(TopicSubscription subscription)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        await foreach (var message in subscription.WithCancellation(limit.Token))
        {
            return message.Text;
        }

        return "";
    }

    private static async Task<LiveNodes> StartAsync(int count, bool sockets = false)
    {
        var nodes = new LiveNodes(sockets ? null : new MemoryNetwork());
        for (var i = 0; i < count; i++)
        {
            await nodes.StartAsync(nodes.Options with { Aggregation = null });
        }

        await LinkedAsync(nodes);
        return nodes;
    }

    private static async Task LinkedAsync(LiveNodes nodes)
    {
        await nodes.ViewsHoldAsync(Math.Min(nodes.All.Count - 1, 5));
        await Eventually.TrueAsync(
            () => nodes.All.All(node => node.Topics!.Neighbours.Count >= Math.Min(nodes.All.Count - 1, 2)),
            "neighbours");
    }
}
