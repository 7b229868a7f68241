using System.Diagnostics;
using Hearsay.Protocols;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging.Testing;

namespace Hearsay.Tests.Features.Topics;

public sealed class TopicTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_subscriber_gets_every_message_once(bool sockets)
    {
        await using var nodes = await StartAsync(12, sockets);
        var subscriptions = nodes.All.Select(node => node.GetTopic("prices").Subscribe()).ToList();
        for (var i = 0; i < 30; i++)
        {
            await nodes.All[i % nodes.All.Count].GetTopic("prices").PublishAsync($"message {i}", Cancellation);
        }

        var received = await Task.WhenAll(subscriptions.Select(subscription => TakeAsync(subscription, 30)));
        var expected = Enumerable.Range(0, 30).Select(i => $"message {i}").Order();
        Assert.All(received, messages => Assert.Equal(expected, messages.Select(m => m.Text).Order()));
    }

    [Fact]
    public async Task A_message_says_who_published_it_and_how_it_came()
    {
        await using var nodes = await StartAsync(3);
        await using var subscription = nodes.All[2].GetTopic("t").Subscribe();
        var watch = Stopwatch.StartNew();
        var published = await nodes.First.GetTopic("t").PublishAsync("x", Cancellation);
        var message = Assert.Single(await TakeAsync(subscription, 1));
        var elapsed = watch.Elapsed;
        Assert.Equal((published.Id, nodes.First.Id, 1ul), (message.Id, message.Origin, message.Sequence));
        Assert.InRange(message.Hops, 1, 2);

        // A message knows its age from what it was held for and from round trips: it is no older than the whole
        // journey, but for the few milliseconds by which each hop may be overestimated.
        Assert.InRange(message.Age, TimeSpan.Zero, elapsed + TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task Batches_bring_small_and_large_messages_without_a_copy()
    {
        await using var nodes = await StartAsync(3);
        await using var subscription = nodes.All[2].GetTopic("t").Subscribe();
        var (batch, lengths) = (new TopicLease[8], new List<int>());
        var read = subscription.ReadBatchAsync(batch, Cancellation).AsTask();
        foreach (var bytes in (int[])[0, 1_000, 300_000])
        {
            await nodes.First.GetTopic("t").PublishAsync(new byte[bytes], Cancellation);
            await nodes.All[2].GetTopic("t").PublishAsync(new byte[bytes + 1], Cancellation);
        }

        while (lengths.Count < 6)
        {
            foreach (var lease in batch.AsSpan(0, await read))
            {
                lengths.Add(lease.Message.Payload.Length);
                lease.Dispose();
            }

            read = subscription.ReadBatchAsync(batch, Cancellation).AsTask();
        }

        Assert.Equal([0, 1, 1_000, 1_001, 300_000, 300_001], lengths.Order());
        Assert.Equal(0, nodes.All[2].Topics!.Service.Copied);
        Assert.Equal(0, nodes.All[2].Topics!.Broadcast.LeasedBytes);
        await subscription.DisposeAsync();
        Assert.Equal(0, await read);
    }

    [Fact]
    public async Task Topics_do_not_mix()
    {
        await using var nodes = await StartAsync(3);
        await using var subscription = nodes.All[1].GetTopic("a").Subscribe();
        await nodes.First.GetTopic("b").PublishAsync("not for a", Cancellation);
        await nodes.First.GetTopic("a").PublishAsync("for a", Cancellation);
        Assert.Equal("for a", Assert.Single(await TakeAsync(subscription, 1)).Text);
    }

    [Fact]
    public async Task The_publisher_hears_itself()
    {
        await using var nodes = await StartAsync(1);
        await using var subscription = nodes.First.GetTopic("t").Subscribe();
        await nodes.First.GetTopic("t").PublishAsync("x", Cancellation);
        Assert.Equal(0, Assert.Single(await TakeAsync(subscription, 1)).Hops);
    }

    [Fact]
    public async Task A_late_subscriber_gets_what_is_held_on_request_and_only_then()
    {
        await using var nodes = await StartAsync(3);
        await using var early = nodes.All[1].GetTopic("t").Subscribe();
        await nodes.First.GetTopic("t").PublishAsync("before", Cancellation);
        await TakeAsync(early, 1);
        await using var late = nodes.All[1].GetTopic("t").Subscribe(new() { IncludeHeld = true });
        await using var strict = nodes.All[1].GetTopic("t").Subscribe();
        await nodes.First.GetTopic("t").PublishAsync("after", Cancellation);
        Assert.Equal(["before", "after"], (await TakeAsync(late, 2)).Select(m => m.Text));
        Assert.Equal("after", Assert.Single(await TakeAsync(strict, 1)).Text);
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_is_told_how_much_it_missed()
    {
        await using var nodes = await StartAsync(1);
        var told = new List<long>();
        await using var slow = nodes.First.GetTopic("t").Subscribe(new() { Capacity = 4, OnMissed = told.Add });
        for (var i = 0; i < 20; i++)
        {
            await nodes.First.GetTopic("t").PublishAsync($"{i}", Cancellation);
        }

        Assert.Equal((16, 0), (slow.Missed, told.Count));
        await using var reader = slow.GetAsyncEnumerator(Cancellation);
        for (var i = 0; i < 4; i++)
        {
            Assert.True(await reader.MoveNextAsync());
            Assert.Equal(($"{i}", 0), (reader.Current.Text, reader.Current.MissedBefore));
        }

        var next = reader.MoveNextAsync().AsTask();
        Assert.Equal([16], told);
        await nodes.First.GetTopic("t").PublishAsync("20", Cancellation);
        Assert.True(await next.WaitAsync(Eventually.Deadline, Cancellation));
        Assert.Equal(("20", 16), (reader.Current.Text, reader.Current.MissedBefore));
    }

    [Fact]
    public async Task A_reader_that_does_not_ask_is_told_by_the_log_once()
    {
        var log = new FakeLoggerProvider();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync(nodes.Options with { LoggerFactory = LiveNodes.Logging(log) });
        await using var slow = node.GetTopic("t").Subscribe(new() { Capacity = 4 });
        await using var reader = slow.GetAsyncEnumerator(Cancellation);
        for (var i = 1; i <= 30; i++)
        {
            await node.GetTopic("t").PublishAsync($"{i}", Cancellation);
            if (i % 10 == 0)
            {
                Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline, Cancellation));
                Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline, Cancellation));
            }
        }

        await Eventually.TrueAsync(
            () => log.Collector.GetSnapshot().Any(static line => line.Message.Contains("topic 't' missed")), "warned");
        Assert.True(slow.Missed > 3);
        await node.LeaveAsync(Cancellation);
        Assert.Single(log.Collector.GetSnapshot(), static line => line.Message.Contains("topic 't' missed"));
    }

    [Fact]
    public async Task What_the_application_throws_when_it_is_told_of_a_loss_ends_its_loop()
    {
        await using var nodes = await StartAsync(1);
        await using var slow = nodes.First.GetTopic("t").Subscribe(new()
        {
            Capacity = 1, OnMissed = missed => throw new InvalidDataException($"{missed}"),
        });
        for (var i = 0; i < 3; i++)
        {
            await nodes.First.GetTopic("t").PublishAsync($"{i}", Cancellation);
        }

        await using var reader = slow.GetAsyncEnumerator(Cancellation);
        Assert.True(await reader.MoveNextAsync());
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => reader.MoveNextAsync().AsTask());
        Assert.Equal("2", thrown.Message);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(60_000)]
    [InlineData(3_000_000)]
    public async Task A_payload_of_any_size_arrives_whole(int bytes)
    {
        await using var nodes = await StartAsync(5, sockets: true);
        var payload = new byte[bytes];
        new Random(5).NextBytes(payload);
        var subscriptions = nodes.All.Select(node => node.GetTopic("large").Subscribe()).ToList();
        await nodes.First.GetTopic("large").PublishAsync(payload, Cancellation);
        foreach (var subscription in subscriptions)
        {
            var message = Assert.Single(await TakeAsync(subscription, 1));
            Assert.True(message.Payload.Span.SequenceEqual(payload));
        }
    }

    [Fact]
    public async Task Subscribers_are_told_of_a_message_that_is_too_large_for_their_node()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        await nodes.StartAsync();
        var narrow = new BroadcastOptions { LargeBytes = 100_000, MaximumPayloadBytes = 100_000 };
        var node = await nodes.StartAsync(nodes.Options with { Broadcast = narrow });
        await Eventually.TrueAsync(
            () => nodes.All.All(one => one.Topics!.Neighbours.Count == 1), "both are neighbours");
        await using var subscription = node.GetTopic("t").Subscribe();
        await nodes.First.GetTopic("t").PublishAsync(new byte[200_000], Cancellation);
        await nodes.First.GetTopic("t").PublishAsync("small", Cancellation);
        Assert.Equal("small", Assert.Single(await TakeAsync(subscription, 1)).Text);
        await Eventually.TrueAsync(() => subscription.Missed == 1, "it is told of the large one");
    }

    [Fact]
    public async Task A_payload_or_topic_over_its_limit_is_a_clear_error()
    {
        await using var nodes = await StartAsync(1);
        var topic = nodes.First.GetTopic("t");
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => topic.PublishAsync(new byte[(16 << 20) + 1], Cancellation));
        Assert.Contains("16777216", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => nodes.First.GetTopic(new string('x', 65)));
        Assert.Throws<ArgumentException>(() => nodes.First.GetTopic(""));
    }

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDFFF)]
    public async Task A_topic_or_text_with_half_of_a_surrogate_pair_is_refused_and_not_another_one(int half)
    {
        var text = "news " + (char)half;
        await using var nodes = await StartAsync(1);
        Assert.Contains("surrogate", Assert.Throws<ArgumentException>(
            () => nodes.First.GetTopic(text)).Message, StringComparison.Ordinal);
        var topic = nodes.First.GetTopic("\ud83d\ude00");
        await Assert.ThrowsAsync<ArgumentException>(() => topic.PublishAsync(text, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => topic.PublishTrackedAsync(text, Cancellation));
    }

    [Fact]
    public async Task A_tight_loop_of_publishes_waits_instead_of_failing()
    {
        await using var nodes = await StartAsync(2);
        await using var subscription = nodes.All[1].GetTopic("t").Subscribe(new() { Capacity = 10_000 });
        await Task.WhenAll(Enumerable.Range(0, 3_000).Select(
            i => nodes.First.GetTopic("t").PublishAsync($"{i}", Cancellation)));
        var received = await TakeAsync(subscription, 3_000);
        Assert.Equal(3_000, received.Select(m => m.Text).Distinct().Count());
    }

    [Fact]
    public async Task Publishing_on_a_stopped_node_is_a_clear_error()
    {
        await using var nodes = await StartAsync(1);
        var topic = nodes.First.GetTopic("t");
        await using var subscription = topic.Subscribe();
        await nodes.First.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => topic.PublishAsync("x", Cancellation));
        Assert.Empty(await TakeAsync(subscription, 1));
    }

    [Fact]
    public async Task Subscriptions_that_wait_for_what_is_held_count_and_end_with_the_node()
    {
        await using var nodes = await StartAsync(1);
        var topic = nodes.First.GetTopic("t");
        List<TopicSubscription> held = [];
        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            while (held.Count <= 1000)
            {
                held.Add(topic.Subscribe(new() { IncludeHeld = true }));
            }
        });
        Assert.Contains("256", error.Message, StringComparison.Ordinal);
        Assert.Equal(256, held.Count);
        await nodes.First.DisposeAsync();
        foreach (var subscription in held)
        {
            Assert.Empty(await TakeAsync(subscription, 1));
        }
    }

    [Fact]
    public async Task A_node_without_broadcast_says_so()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync(nodes.Options with { Broadcast = null });
        Assert.Throws<InvalidOperationException>(() => node.GetTopic("t"));
    }

    private static async Task<LiveNodes> StartAsync(int count, bool sockets = false)
    {
        var nodes = await new LiveNodes(sockets ? null : new MemoryNetwork()).StartManyAsync(count);
        await nodes.ViewsHoldAsync(Math.Min(count - 1, 5));
        await Eventually.TrueAsync(
            () => nodes.All.All(node => node.Topics!.Neighbours.Count >= Math.Min(count - 1, 2)), "neighbours");
        return nodes;
    }

    private static async Task<List<TopicMessage>> TakeAsync(TopicSubscription subscription, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        var taken = new List<TopicMessage>();
        await foreach (var message in subscription.WithCancellation(limit.Token))
        {
            taken.Add(message);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
