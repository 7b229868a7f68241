using System.Text;
using Hearsay.Features.Topics;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Tests.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Features.Topics;

/// <summary>What subscribers are handed, without a network. One test measures the memory of the process.</summary>
[Collection(nameof(RunsAlone))]
public sealed class TopicServiceTests
{
    private static readonly byte[] _topic = "t"u8.ToArray();

    private readonly FakeTimeProvider _time = new();
    private readonly TopicService _service;

    public TopicServiceTests() => _service = new TopicService(_time, new BroadcastOptions());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_subscriber_that_never_reads_costs_its_capacity_and_loses_nothing_silently(bool inOrder)
    {
        const int messages = 50_000;
        var (received, missed) = (0L, 0L);
        await using var deaf = _service.Subscribe(
            "t", _topic, new() { Capacity = 100, InOrder = inOrder, OnMissed = count => missed += count });
        var payload = new byte[1000];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (ulong i = 1; i <= messages; i++)
        {
            Deliver(i, payload: payload);
        }

        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 1_000_000);
        _service.Complete();
        await foreach (var message in deaf)
        {
            received++;
        }

        Assert.Equal((100, messages - 100), (received, missed));
        Assert.Equal(messages - 100, _service.Missed);
    }

    /// <summary>Somebody publishes under ever other names, and as ever other publishers.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_of_topics_that_nobody_subscribed_leave_nothing_behind(bool inOrder)
    {
        const int messages = 100_000;
        await using var subscription = _service.Subscribe("t", _topic, new() { InOrder = inOrder });
        Deliver(1);

        // The memory is that of the process, in which other tests' nodes may still be ending. What is left behind is
        // left behind every time.
        var left = LeftBy(messages);
        for (var again = 0; again < 3 && left is (< -1_000_000 or > 500_000); again++)
        {
            left = LeftBy(messages);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{left} bytes left by {messages} topics");
        Assert.InRange(left, -1_000_000, 500_000);
        Deliver(2);

        // So many publishers have made the order forget the first one, whose next message it keeps for a moment.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["1", "2"], await ReadAsync(subscription));
        Assert.Equal(0, _service.Missed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Large_messages_that_nobody_reads_are_bounded_by_their_bytes(bool inOrder)
    {
        var told = new List<long>();
        await using var deaf = _service.Subscribe(
            "t", _topic, new() { CapacityBytes = 1_000_000, InOrder = inOrder, OnMissed = told.Add });
        var payload = new byte[300_000];
        for (ulong i = 1; i <= 10; i++)
        {
            Deliver(i, payload: payload);
        }

        await using var reader = deaf.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (ulong i = 1; i <= 3; i++)
        {
            Assert.True(await reader.MoveNextAsync());
            Assert.Equal((i, false), (reader.Current.Sequence, told.Count > 0));
        }

        var next = reader.MoveNextAsync();
        Assert.Equal([7], told);
        Deliver(11, payload: new byte[2_000_000]);
        Assert.True(await next);
        Assert.Equal((11ul, 7), (reader.Current.Sequence, reader.Current.MissedBefore));
    }

    [Fact]
    public async Task What_the_repair_brings_from_before_a_subscription_is_not_handed_to_it()
    {
        await using var plain = _service.Subscribe("t", _topic, new());
        _time.Advance(TimeSpan.FromSeconds(10));
        Deliver(1, TimeSpan.FromSeconds(16));
        Deliver(2, TimeSpan.FromSeconds(9));
        Deliver(3);
        Assert.Equal(["2", "3"], await ReadAsync(plain));
    }

    [Fact]
    public async Task Order_counts_what_is_too_old_to_be_handed_on()
    {
        await using var ordered = _service.Subscribe("t", _topic, new() { InOrder = true });
        Deliver(2);
        Deliver(1, TimeSpan.FromSeconds(30));
        Assert.Equal(["2"], await ReadAsync(ordered));
    }

    [Fact]
    public void Subscriptions_are_bounded()
    {
        for (var i = 0; i < TopicSubscriptionOptions.MaximumSubscriptions; i++)
        {
            _service.Subscribe("t", _topic, new());
        }

        var error = Assert.Throws<InvalidOperationException>(() => _service.Subscribe("t", _topic, new()));
        Assert.Contains("256", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What the process holds more after messages of so many topics and publishers, in bytes.</summary>
    private long LeftBy(int messages)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (ulong i = 1; i <= (ulong)messages; i++)
        {
            _service.Deliver(new BroadcastMessage
            {
                Topic = Encoding.UTF8.GetBytes($"topic {i}"), Origin = new NodeId(2, i), Incarnation = 1, Sequence = 1,
                Payload = new byte[10],
            });
        }

        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private void Deliver(ulong sequence, TimeSpan age = default, byte[]? payload = null) =>
        _service.Deliver(new BroadcastMessage
        {
            Topic = _topic, Origin = new NodeId(1, 2), Incarnation = 1, Sequence = sequence, Age = age,
            Payload = payload ?? Encoding.UTF8.GetBytes($"{sequence}"),
        });

    private async Task<List<string>> ReadAsync(TopicSubscription subscription)
    {
        _service.Complete();
        var texts = new List<string>();
        await foreach (var message in subscription)
        {
            texts.Add(message.Text);
        }

        return texts;
    }
}
