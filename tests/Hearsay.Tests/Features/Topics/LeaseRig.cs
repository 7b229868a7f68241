using Hearsay.Features.Topics;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Broadcast.Store;
using Microsoft.Extensions.Time.Testing;

namespace Hearsay.Tests.Features.Topics;

/// <summary>Messages in the memory of a node, and what its subscribers are handed, without a network.</summary>
internal sealed class LeaseRig
{
    public const int Capacity = 1 << 16;

    private static readonly byte[] _topic = "t"u8.ToArray();

    private int _held;

    public BodyLog Log { get; } = new(Capacity);

    public TopicService Service { get; } = new(new FakeTimeProvider(), new BroadcastOptions());

    public TopicSubscription Subscribe(TopicSubscriptionOptions? options = null) =>
        Service.Subscribe("t", _topic, options ?? new());

    /// <summary>A subscription that is read in batches.</summary>
    public TopicSubscription SubscribeToLeases(TopicSubscriptionOptions? options = null)
    {
        var subscription = Subscribe(options);
        using var cancelled = new CancellationTokenSource();
        var read = subscription.ReadBatchAsync(new TopicLease[1], cancelled.Token);
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => read.AsTask().GetAwaiter().GetResult());
        return subscription;
    }

    /// <summary>A message comes, whose bytes are the low byte of its sequence.</summary>
    public void Deliver(ulong sequence, int length = 1_000)
    {
        while (!Log.Fits(length))
        {
            _held--;
            Log.ReleaseOldest();
        }

        var segment = Log.Append(length, out var offset);
        _held++;
        segment.Buffer.AsSpan(offset, length).Fill((byte)sequence);
        Service.Deliver(new BroadcastMessage
        {
            Topic = _topic, Origin = new NodeId(1, 2), Incarnation = 1, Sequence = sequence,
            Payload = segment.Buffer.AsSpan(offset, length),
            Held = new HeldPayload(segment.Buffer.AsMemory(offset, length), segment),
        });
    }

    /// <summary>The node drops all that it holds.</summary>
    public void DropAll()
    {
        for (; _held > 0; _held--)
        {
            Log.ReleaseOldest();
        }
    }

    /// <summary>So many messages come that the memory is used several times over.</summary>
    public void Overwrite(ulong first)
    {
        for (var i = 0ul; i < 5 * Capacity / 1_000; i++)
        {
            Deliver(first + i);
        }
    }
}
