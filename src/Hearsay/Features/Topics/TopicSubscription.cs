using Hearsay.Features.Topics;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Watching;

namespace Hearsay;

/// <summary>
/// One reader of one topic. It collects messages from the moment it is created, even if nothing reads it. Messages that
/// do not fit its queue are dropped. The reader is told of every loss that the node finds, at its place in the
/// sequence: <see cref="TopicSubscriptionOptions.OnMissed"/> is called, and the next message says how many were missed
/// before it.
/// </summary>
/// <remarks>
/// Read it in one of two ways: with <c>await foreach</c>, which copies each message and can be done once, or with
/// <see cref="ReadBatchAsync"/>, which copies nothing. Only one call may read at a time. When the node stops, the
/// sequence ends. If the node stopped because another node has its id, the sequence fails with
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class TopicSubscription : IAsyncEnumerable<TopicMessage>, IAsyncDisposable
{
    /// <summary>
    /// Ages are good to milliseconds, but on a machine that stands still now and then round trips, and with them ages,
    /// look longer than they are; nothing new may be taken for old.
    /// </summary>
    private static readonly TimeSpan AgeError = TimeSpan.FromSeconds(5);

    private readonly TopicService _service;
    private readonly SubscriptionQueue<TopicMessage> _queue;
    private readonly OriginOrder? _order;
    private readonly byte[] _topic;
    private readonly long? _since;
    private volatile TopicBatches? _batches;
    private volatile bool _isDisposed;

    internal TopicSubscription(TopicService service, string name, byte[] topic, TopicSubscriptionOptions options)
    {
        (_service, Topic, _topic) = (service, name, topic);
        _queue = new SubscriptionQueue<TopicMessage>(
            options.Capacity, static (message, missed) => message with { MissedBefore = missed },
            options.OnMissed ?? service.WarnOnce(name), static message => message.Payload.Length,
            options.CapacityBytes);
        HasBegun = !options.IncludeHeld;
        _since = options.IncludeHeld ? null : service.Time.GetTimestamp();
        _order = options.InOrder ? new OriginOrder(options, service.Time, Offer, Miss) : null;
    }

    /// <summary>The name of the topic.</summary>
    public string Topic { get; }

    /// <summary>
    /// The number of messages that this subscription has missed so far. A message is missed if the reader was too slow
    /// for it, if it came too late for the order, if it was large and this node had to give it up, or if it never came
    /// and no node holds it any more. The node does not know the topic of a message that never came, so it counts all
    /// such messages of the publisher. The count may therefore be too high for this topic. It includes losses that the
    /// reader has not reached yet.
    /// </summary>
    /// <remarks>
    /// The node finds out that a message never came when a later one of the same publisher comes. A node that was cut
    /// off or asleep for longer than messages are held does not know which messages were published meanwhile. It counts
    /// them when the publisher publishes again; if the publisher never does, it never counts them.
    /// </remarks>
    public long Missed => _queue.Missed;

    /// <summary>Messages that wait to be read.</summary>
    internal int Waiting => _queue.Waiting;

    /// <summary>Reads the messages.</summary>
    /// <param name="cancellationToken">Ends the sequence with an exception.</param>
    /// <exception cref="InvalidOperationException">The subscription is being read, or was.</exception>
    public IAsyncEnumerator<TopicMessage> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _queue.Read(cancellationToken);

    /// <summary>
    /// Waits for messages, and reads those that are there, without copying them. In a steady stream it allocates
    /// nothing. The messages from before the first call were copied.
    /// </summary>
    /// <param name="batch">
    /// Where the leases go, from the first place on. Dispose each of them when you have used its payload. Leases that
    /// are in there from before are overwritten, not disposed.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait; no message is lost by that.</param>
    /// <returns>
    /// The number of leases, from 1 to the length of the batch; 0 if the sequence has ended, because the subscription
    /// was disposed or the node has stopped. A batch ends before a loss, so that
    /// <see cref="TopicSubscriptionOptions.OnMissed"/> is called in its place.
    /// </returns>
    /// <exception cref="ArgumentException">The batch is empty.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another call is waiting, or the subscription is read with <c>await foreach</c>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The node stopped because another node has its id.</exception>
    public ValueTask<int> ReadBatchAsync(Memory<TopicLease> batch, CancellationToken cancellationToken = default) =>
        batch.IsEmpty ? throw new ArgumentException("A batch must have room for a message.", nameof(batch))
            : _isDisposed ? default
            : (_batches ??= new TopicBatches(_queue)).ReadAsync(batch, cancellationToken);

    /// <summary>
    /// Stops receiving messages. With <c>await foreach</c>, those that wait can still be read, and the sequence ends
    /// after them. <see cref="ReadBatchAsync"/> returns 0 from now on; leases that it has returned stay valid.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _service.Remove(this);
        Complete();
        _batches?.Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether messages come: what is held goes first. Only the event loop reads and changes it.</summary>
    internal bool HasBegun { get; private set; }

    /// <summary>What is held was handed to it.</summary>
    internal void Begin() => HasBegun = true;

    internal bool Wants(ReadOnlySpan<byte> topic) => topic.SequenceEqual(_topic);

    /// <summary>
    /// Whether a message was surely published before this subscription was made: the repair brings a node that has just
    /// joined what the others hold.
    /// </summary>
    internal bool IsOlder(in BroadcastMessage message) =>
        _since is { } since && message.Age > _service.Time.GetElapsedTime(since) + AgeError;

    /// <summary>Whether what was published at least so long ago was surely published before this subscription.
    /// </summary>
    internal bool IsYounger(TimeSpan age) => _since is { } since && _service.Time.GetElapsedTime(since) < age;

    /// <summary>Whether it must see every message of an origin, whatever its topic, to know the order.</summary>
    internal bool InOrder => _order is not null;

    /// <summary>A message of this topic has come. Called by the event loop.</summary>
    /// <param name="message">The message.</param>
    /// <param name="copy">A copy that subscriptions of the topic share, made when one is needed.</param>
    internal void Deliver(in BroadcastMessage message, ref TopicMessage? copy)
    {
        if (_batches is not null)
        {
            if (message.Held.TryLease(message.Payload.Length))
            {
                Deliver(TopicService.Describe(message, Topic) with
                {
                    Payload = message.Held.Bytes, Segment = message.Held.Segment,
                });
                return;
            }

            _service.CountCopied();
        }

        copy ??= TopicService.Copy(message, Topic);
        Deliver(copy.Value);
    }

    private void Deliver(in TopicMessage message)
    {
        if (_order is null)
        {
            Offer(message);
        }
        else
        {
            _order.Add(message);
        }
    }

    /// <summary>A message of another topic took this place in its origin's order.</summary>
    internal void Pass(in BroadcastMessage message) =>
        _order?.Pass(message.Origin, message.Incarnation, message.Sequence);

    /// <summary>A message of this topic is lost here: the reader is told at its place.</summary>
    internal void Lose(in BroadcastMessage message) => Deliver(new TopicMessage
    {
        Topic = Topic,
        Origin = message.Origin,
        Incarnation = message.Incarnation,
        Sequence = message.Sequence,
        IsLost = true,
    });

    /// <summary>Nothing comes any more.</summary>
    /// <param name="failure">What reading ends with; null for a normal end.</param>
    internal void Complete(Exception? failure = null)
    {
        _order?.Dispose();
        _queue.Complete(failure);
    }

    private void Offer(TopicMessage message)
    {
        if (message.IsLost)
        {
            Miss();
        }
        else if (!_queue.Offer(message))
        {
            message.Segment?.EndLease();
            _service.CountMissed();
        }
    }

    /// <summary>Messages of an origin, of this topic or of others, never came and will not.</summary>
    internal void Lose(in BroadcastLoss loss) => _queue.Miss(loss.Messages);

    /// <summary>A message came too late for its place in the order, or is lost.</summary>
    private void Miss()
    {
        _queue.Miss(1);
        _service.CountMissed();
    }
}
