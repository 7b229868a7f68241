using System.Text;
using Hearsay.Features.Topics;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Features.Topics;

/// <summary>A large message that a node gave up: its subscribers are told, each at the place of the message.</summary>
public sealed class LostLargeTests
{
    private static readonly byte[] _topic = "t"u8.ToArray();

    private readonly FakeTimeProvider _time = new();
    private readonly TopicService _service;

    /// <summary>What each reader was handed and told, in that order.</summary>
    private readonly Dictionary<TopicSubscription, List<string>> _read = [];

    public LostLargeTests() => _service = new TopicService(_time, new BroadcastOptions());

    [Fact]
    public async Task Subscribers_of_its_topic_are_told_and_no_others()
    {
        await using var subscriber = Subscribe("t");
        await using var other = Subscribe("u");
        Deliver(1);
        Lose(2);
        Deliver(3);
        Assert.Equal(["1", "missed 1", "3"], await ReadAsync(subscriber));
        Assert.Equal(1, _service.Missed);
        Assert.Empty(await ReadAsync(other));
    }

    [Fact]
    public async Task In_order_it_is_told_in_its_place_and_nothing_waits_for_it()
    {
        await using var subscriber = Subscribe("t", inOrder: true);
        await using var other = Subscribe("u", inOrder: true);
        Deliver(1);
        Deliver(3);
        Deliver(4, "u"u8);
        Lose(2);
        Assert.Equal(["1", "missed 1", "3"], await ReadAsync(subscriber));
        Assert.Equal(["4"], await ReadAsync(other));
    }

    [Fact]
    public async Task In_order_it_is_told_too_when_the_others_went_on_without_it()
    {
        await using var subscriber = Subscribe("t", inOrder: true);
        Deliver(1);
        Deliver(3);
        _time.Advance(TimeSpan.FromSeconds(5.5));
        Lose(2);
        Assert.Equal(["1", "3", "missed 1"], await ReadAsync(subscriber));
    }

    [Fact]
    public async Task Who_subscribed_after_it_was_published_is_not_told()
    {
        _time.Advance(TimeSpan.FromMinutes(2));
        await using var subscriber = Subscribe("t");
        _time.Advance(TimeSpan.FromSeconds(10));
        Lose(1, TimeSpan.FromSeconds(62));
        Lose(2, TimeSpan.FromSeconds(8));
        Assert.Equal(["missed 1"], await ReadAsync(subscriber));
    }

    private TopicSubscription Subscribe(string topic, bool inOrder = false)
    {
        var read = new List<string>();
        var subscription = _service.Subscribe(topic, Encoding.UTF8.GetBytes(topic), new()
        {
            InOrder = inOrder, OnMissed = missed => read.Add($"missed {missed}"),
        });
        _read.Add(subscription, read);
        return subscription;
    }

    private void Deliver(ulong sequence, ReadOnlySpan<byte> topic = default) =>
        _service.Deliver(Message(sequence, topic.IsEmpty ? _topic : topic, [1], default));

    private void Lose(ulong sequence, TimeSpan age = default) =>
        _service.LostLarge(Message(sequence, _topic, default, age));

    private static BroadcastMessage Message(
        ulong sequence, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, TimeSpan age) => new()
        {
            Origin = new NodeId(1, 1), Incarnation = 1, Sequence = sequence, Topic = topic, Age = age,
            Payload = payload,
        };

    private async Task<List<string>> ReadAsync(TopicSubscription subscription)
    {
        _service.Complete();
        var read = _read[subscription];
        await foreach (var message in subscription)
        {
            read.Add(message.Sequence.ToString());
        }

        return read;
    }
}
