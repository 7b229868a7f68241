using System.Diagnostics.CodeAnalysis;
using Hearsay.Diagnostics;
using Hearsay.Features.Contract;
using Hearsay.Loop;
using Hearsay.Protocols;
using Hearsay.Protocols.Broadcast;
using Hearsay.Protocols.Broadcast.Contracts;
using Hearsay.Protocols.Core;
using Hearsay.Watching;

namespace Hearsay.Features.Topics;

/// <summary>Between the broadcast protocol of a node and the application's topics.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without wait handles and timers they hold nothing to dispose.")]
internal sealed partial class TopicService(TimeProvider time, BroadcastOptions options) : IBroadcastSink
{
    private static readonly TimeSpan HandOverMargin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PostPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Messages that may wait for the node; who publishes more waits.</summary>
    private const int MaximumPublishing = 256;

    private readonly LinkPatience _patience = new(time);
    private readonly SemaphoreSlim _publishing = new(MaximumPublishing);
    private readonly SubscriberList<TopicSubscription> _subscriptions =
        new(TopicSubscriptionOptions.MaximumSubscriptions, "subscriptions to topics");

    /// <summary>Features of the node that stand on broadcast, by their topics; set before the node starts.</summary>
    private readonly List<(byte[] Topic, IBroadcastSink Sink)> _listeners = [];
    private NodeLoop _loop = null!;
    private NodeLog? _log;
    private BroadcastProtocol _protocol = null!;
    private INetworkSizeSource? _sizes;
    private volatile bool _completed;
    private volatile bool _leaving;

    /// <summary>Cancelled when the node has stopped: what waits in its loop is never answered.</summary>
    private readonly CancellationTokenSource _stopping = new();

    public TimeProvider Time { get; } = time;

    /// <summary>How long messages took; null before the node starts.</summary>
    public PropagationDelays? Delays { get; private set; }

    /// <summary>How many messages wait for those who subscribed.</summary>
    public long Waiting
    {
        get
        {
            var waiting = 0L;
            foreach (var subscription in _subscriptions.All)
            {
                waiting += subscription.Waiting;
            }

            return waiting;
        }
    }

    /// <summary>
    /// Messages that subscribers were told they missed: they did not read, or it came too late for its order, or never.
    /// </summary>
    public long Missed => Interlocked.Read(ref _missed);

    private long _missed;

    /// <summary>Messages that were copied for readers of batches, because leases keep as much memory as they may.
    /// </summary>
    public long Copied => Interlocked.Read(ref _copied);

    private long _copied;

    /// <summary>Whether the node has stopped.</summary>
    public bool IsCompleted => _completed;

    /// <summary>Whether <see cref="NetworkSize"/> will be known some time.</summary>
    public bool KnowsSize => _sizes is not null;

    /// <summary>About how many nodes there are, once known.</summary>
    public double? NetworkSize => _sizes?.NetworkSize;

    /// <summary>Ties this to what it serves and stands on; once, before the loop starts.</summary>
    public void Attach(FeatureHost host, BroadcastProtocol protocol, string cluster)
    {
        (_loop, _log, _protocol) = (host.Loop, host.Log, protocol);
        Delays = new PropagationDelays(host.Meter, cluster);
        _sizes = _loop.Core.State.SizeSource;
    }

    /// <summary>Warns once of what a subscription misses whose owner does not want to be told.</summary>
    public Action<long> WarnOnce(string topic) => NodeLog.MissedOnce(() => _log, $"topic '{topic}'");

    /// <summary>Publishes; waits while the node's links take no more, and for its first link.</summary>
    public Task<PublishedMessage> PublishAsync(
        string name, ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, bool isTracked,
        CancellationToken cancellation) => NodeTracing.IsOn
            ? PublishTracedAsync(name, topic, payload, isTracked, cancellation)
            : PublishAsync(topic, payload, default(ReadOnlyMemory<byte>), isTracked, cancellation);

    private async Task<PublishedMessage> PublishTracedAsync(
        string name, ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, bool isTracked,
        CancellationToken cancellation)
    {
        using var activity = NodeTracing.Publish(name, payload.Length, _loop.Core.Self.Id);
        try
        {
            var trace = NodeTracing.ContextOf(activity);
            var published = await PublishAsync(topic, payload, trace, isTracked, cancellation).ConfigureAwait(false);
            NodeTracing.Published(activity, published.Id);
            return published;
        }
        catch (Exception error) when (activity is not null)
        {
            NodeTracing.Failed(activity, error);
            throw;
        }
    }

    private async Task<PublishedMessage> PublishAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> trace, bool isTracked,
        CancellationToken cancellation)
    {
        ThrowIfCompleted();
        if (payload.Length > options.MaximumPayloadBytes)
        {
            throw new ArgumentException(
                $"A payload has at most {options.MaximumPayloadBytes} bytes, not {payload.Length}.", nameof(payload));
        }

        await _publishing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_leaving && !_completed)
            {
                throw Refusal(PublishOutcome.Leaving);
            }

            var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var done = new TaskCompletionSource<PublishOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
            PublishedMessage? published = null;
            var expectsLinks = false;
            var command = new PublishCommand(
                topic, payload, Take, isTracked,
                isTracked ? (nodes, links) => (published as TrackedMessage)?.OnReached(nodes, links) : null, Sent,
                trace);
            await _loop.PostAsync((core, now) =>
            {
                core.Post(now, _protocol.Id, command);
                expectsLinks = core.ExpectsPeers;
            }).ConfigureAwait(false);
            var outcome = done.Task.IsCompleted
                ? await done.Task.ConfigureAwait(false)
                : await WaitForTurnAsync(command, done.Task, cancellation).ConfigureAwait(false);
            if (!sent.Task.IsCompleted && expectsLinks && published is not null)
            {
                await _patience.WaitAsync(sent.Task, cancellation, _stopping.Token).ConfigureAwait(false);
            }

            if (!sent.Task.IsCompleted && Failure is { } failure)
            {
                throw failure; // It was to go out with the first link, and there will be none.
            }

            ThrowIfWithdrawn(outcome, cancellation);
            return published ?? throw Refusal(outcome);

            void Sent(int tried, int pushed)
            {
                _patience.NoteSent(pushed);
                published?.OnSent(tried, pushed);
                sent.SetResult();
            }

            void Take(PublishOutcome became, BroadcastId id)
            {
                published = became != PublishOutcome.Published ? null
                    : isTracked ? new TrackedMessage(this, id) : PublishedMessage.Untracked(id);
                done.TrySetResult(became);
            }
        }
        finally
        {
            _publishing.Release();
        }
    }

    private static void ThrowIfWithdrawn(PublishOutcome outcome, CancellationToken cancellation)
    {
        if (outcome == PublishOutcome.Withdrawn)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    /// <summary>The links take no more at the moment. Nobody reads the payload any more when this has completed.
    /// </summary>
    private async Task<PublishOutcome> WaitForTurnAsync(
        PublishCommand command, Task<PublishOutcome> done, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellation);
        try
        {
            return await done.WaitAsync(ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return await WithdrawAsync(command, done).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw _loop.Ending.ToException();
        }
    }

    /// <summary>
    /// Takes a message back that waits for the links. While the loop has no room for this command it is tried again:
    /// the message still waits, and its payload is still read.
    /// </summary>
    private async Task<PublishOutcome> WithdrawAsync(PublishCommand command, Task<PublishOutcome> done)
    {
        var withdraw = new WithdrawCommand(command);
        try
        {
            while (!done.IsCompleted && !_loop.Post((core, now) => core.Post(now, _protocol.Id, withdraw)))
            {
                await Task.Delay(PostPause, _stopping.Token).ConfigureAwait(false);
            }

            return await done.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw _loop.Ending.ToException();
        }
    }

    /// <summary>Listens to a topic.</summary>
    public TopicSubscription Subscribe(string name, byte[] topic, TopicSubscriptionOptions how)
    {
        var subscription = new TopicSubscription(this, name, topic, how);
        _subscriptions.Add(subscription);
        if (how.IncludeHeld)
        {
            AskForHeld(subscription, topic);
        }

        return subscription;
    }

    /// <summary>Another feature of the node listens to a topic, inside the loop. Before the loop starts.</summary>
    public void Listen(byte[] topic, IBroadcastSink sink) => _listeners.Add((topic, sink));

    /// <summary>A subscription has ended.</summary>
    public void Remove(TopicSubscription subscription) => _subscriptions.Remove(subscription);

    /// <summary>A subscriber was not handed a message, and is told so.</summary>
    public void CountMissed() => Interlocked.Increment(ref _missed);

    /// <summary>A message was copied for a reader that wants none.</summary>
    public void CountCopied() => Interlocked.Increment(ref _copied);

    /// <summary>The node has stopped.</summary>
    /// <param name="failure">Why, if it did so by itself.</param>
    public void Complete(Exception? failure = null)
    {
        _completed = true;
        Array.ForEach(_subscriptions.Complete(() => Ended), subscription => subscription.Complete(failure));
        _stopping.Cancel();
    }

    /// <summary>Why the node stopped by itself; null if it did not.</summary>
    public ObjectDisposedException? Failure => _loop.Ending.Failure;

    /// <summary>What a wait fails with that the end of the node has ended.</summary>
    public ObjectDisposedException Ended => _loop.Ending.ToException();

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            throw _loop.Ending.ToException();
        }
    }

    /// <inheritdoc/>
    public void Deliver(in BroadcastMessage message)
    {
        Delays?.Note(message);
        if (NodeTracing.IsOn && _loop is { } loop)
        {
            NodeTracing.Delivered(message, loop.Core.Self.Id);
        }

        foreach (var (topic, sink) in _listeners)
        {
            if (message.Topic.SequenceEqual(topic))
            {
                sink.Deliver(message);
            }
        }

        TopicMessage? copy = null;
        foreach (var subscription in _subscriptions.All)
        {
            if (!subscription.HasBegun)
            {
                continue;
            }

            if (subscription.Wants(message.Topic) && !subscription.IsOlder(message))
            {
                subscription.Deliver(message, ref copy);
            }
            else if (subscription.InOrder)
            {
                subscription.Pass(message);
            }
        }
    }

    /// <inheritdoc/>
    public void LostLarge(in BroadcastMessage message)
    {
        foreach (var subscription in _subscriptions.All)
        {
            // Those that have not begun get what is held, and this is not.
            if (subscription.Wants(message.Topic) && !subscription.IsOlder(message))
            {
                subscription.Lose(message);
            }
            else if (subscription.InOrder)
            {
                subscription.Pass(message);
            }
        }
    }

    /// <inheritdoc/>
    public void Lost(in BroadcastLoss loss)
    {
        foreach (var subscription in _subscriptions.All)
        {
            if (subscription.HasBegun && !subscription.IsYounger(loss.Age))
            {
                subscription.Lose(loss);
                Interlocked.Add(ref _missed, loss.Messages);
            }
        }
    }

    /// <summary>A message that outlives the call.</summary>
    public static TopicMessage Copy(in BroadcastMessage message, string topic) =>
        Describe(message, topic) with { Payload = message.Payload.ToArray() };

    /// <summary>All of a message but its payload.</summary>
    public static TopicMessage Describe(in BroadcastMessage message, string topic) => new()
    {
        Topic = topic,
        Id = message.Id,
        Origin = message.Origin,
        Incarnation = message.Incarnation,
        Sequence = message.Sequence,
        Hops = message.Hops,
        Age = message.Age,
    };

    private Exception Refusal(PublishOutcome outcome) => outcome switch
    {
        PublishOutcome.NotStarted => _loop.Ending.ToException(),
        PublishOutcome.Leaving => StoppedNode.Leaving(),
        PublishOutcome.NoRoom => new HearsayException(
            "The node holds too many large messages. Publish again later.", isTransient: true),
        PublishOutcome.Congested => new HearsayException(
            "Too many messages are waiting for the links of the node. Publish again later.", isTransient: true),
        _ => new HearsayException($"The message was not published: {outcome}."),
    };

    /// <summary>Nothing arrives between what is held and what comes: both happen in one turn of the loop.</summary>
    private void AskForHeld(TopicSubscription subscription, byte[] topic)
    {
        // An order counts over all topics of an origin, so it must see them all.
        var command = new HeldCommand(
            subscription.InOrder ? default : topic, new HeldMessages(subscription), subscription.Begin);
        if (!_loop.Post((core, now) => core.Post(now, _protocol.Id, command)))
        {
            Remove(subscription);
            throw _loop.Refusal();
        }
    }
}
