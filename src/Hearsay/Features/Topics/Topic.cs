using Hearsay.Features.Topics;
using Hearsay.Protocols;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// A topic. A message that one node publishes reaches every node, and every subscriber there, at most once. If one node
/// that stays up and connected has received a message, all subscribers that stay up and connected receive it.
/// </summary>
/// <remarks>
/// Safe on any thread, and cheap to create. All topics share one overlay: every node forwards messages, and only
/// subscribers receive them.
/// </remarks>
/// <example>
/// <code>
/// await using var prices = node.GetTopic("prices").Subscribe();
/// await node.GetTopic("prices").PublishAsync("EUR 1.08"u8.ToArray());
/// await foreach (var message in prices)
/// {
///     Console.WriteLine($"{message.Origin}: {message.Text}");
/// }
/// </code>
/// </example>
public sealed class Topic
{
    private readonly TopicService _service;
    private readonly NeighbourWaiters _waiters;
    private readonly byte[] _utf8;

    internal Topic(TopicsFeature feature, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _utf8 = StrictUtf8.GetBytes(name, nameof(name));
        if (_utf8.Length > BroadcastOptions.MaximumTopicBytes)
        {
            throw new ArgumentException(
                $"A topic has at most {BroadcastOptions.MaximumTopicBytes} bytes of UTF-8, not {_utf8.Length}.",
                nameof(name));
        }

        (_service, _waiters, Name) = (feature.Service, feature.Waiters, name);
    }

    /// <summary>The name of the topic.</summary>
    public string Name { get; }

    /// <summary>
    /// The number of neighbours of this node: the few nodes to which it sends messages, and from which it gets them.
    /// All topics share them.
    /// </summary>
    public int NeighbourCount => _waiters.Count;

    /// <summary>
    /// Waits until messages can be sent and received: until this node has at least a given number of neighbours.
    /// <see cref="GossipNode.WaitForPeersAsync"/> completes a little earlier, since a node chooses its neighbours among
    /// its peers. You need not wait before you publish; see <see cref="PublishedMessage.LinksTried"/>.
    /// </summary>
    /// <param name="count">
    /// The number of neighbours, from 1 to <see cref="NeighbourOptions.ActiveSize"/>. In a network of n nodes there are
    /// at most n - 1.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException">A node can never have that many neighbours.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped, or stops while this waits.</exception>
    public Task WaitForNeighboursAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _waiters.Most);
        return _waiters.WaitAsync(count, cancellationToken);
    }

    /// <summary>
    /// Publishes a message. The task completes when the node has sent the message to its neighbours, and not when it
    /// has arrived there. <see cref="PublishTrackedAsync(ReadOnlyMemory{byte}, CancellationToken)"/> tells how far it
    /// gets. If the node expects peers and has no neighbour yet, the call waits for one, until 2 s after the first such
    /// message. The message then goes out when the first link comes up. <see cref="GossipNode.LeaveAsync"/> hands over
    /// the messages that no neighbour has.
    /// </summary>
    /// <param name="payload">
    /// At most <see cref="BroadcastOptions.MaximumPayloadBytes"/>; must not be changed until the task has completed.
    /// </param>
    /// <param name="cancellationToken">
    /// Cancels waiting. While the message waits for a free place in the queue of the node, this throws. While the node
    /// waits for its first neighbour it does not throw, since the message is published by then.
    /// </param>
    /// <exception cref="ArgumentException">The payload is too long.</exception>
    /// <exception cref="HearsayException">
    /// The node holds too many large messages, or too many messages or commands wait for it. Transient.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and the message is not published.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped, or is leaving.</exception>
    public Task<PublishedMessage> PublishAsync(
        ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) =>
        _service.PublishAsync(Name, _utf8, payload, false, cancellationToken);

    /// <summary>Publishes a text, which is encoded as UTF-8. See the other overload.</summary>
    /// <param name="text">
    /// The text, of at most <see cref="BroadcastOptions.MaximumPayloadBytes"/> bytes in UTF-8.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait, as for the other overload.</param>
    /// <exception cref="ArgumentException">
    /// The text is not valid Unicode (it has a lone surrogate), or it is too long.
    /// </exception>
    public Task<PublishedMessage> PublishAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PublishAsync(StrictUtf8.GetBytes(text, nameof(text)), cancellationToken);
    }

    /// <summary>
    /// Publishes like <see cref="PublishAsync(ReadOnlyMemory{byte}, CancellationToken)"/>, and asks every node to
    /// acknowledge the message. That costs about three small frames per node, so use it for important messages and not
    /// for a stream.
    /// </summary>
    /// <returns>The message, which tells how many nodes it has reached so far.</returns>
    /// <inheritdoc cref="PublishAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public async Task<TrackedMessage> PublishTrackedAsync(
        ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) =>
        (TrackedMessage)await _service.PublishAsync(Name, _utf8, payload, true, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>
    /// Publishes a text, which is encoded as UTF-8, and asks every node to acknowledge it. See the other overload.
    /// </summary>
    /// <param name="text">
    /// The text, of at most <see cref="BroadcastOptions.MaximumPayloadBytes"/> bytes in UTF-8.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait, as for the other overload.</param>
    /// <exception cref="ArgumentException">
    /// The text is not valid Unicode (it has a lone surrogate), or it is too long.
    /// </exception>
    public Task<TrackedMessage> PublishTrackedAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PublishTrackedAsync(StrictUtf8.GetBytes(text, nameof(text)), cancellationToken);
    }

    /// <summary>A message of this topic that the node still holds; null if it holds no such message.</summary>
    internal Task<TopicMessage?> FindHeldAsync(BroadcastId id) => _service.FindHeldAsync(Name, _utf8, id);

    /// <summary>Subscribes to the messages published from now on. Dispose the subscription when done.</summary>
    /// <param name="options">The options of the subscription; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <exception cref="InvalidOperationException">
    /// The node has <see cref="TopicSubscriptionOptions.MaximumSubscriptions"/> open subscriptions already, over all
    /// topics.
    /// </exception>
    /// <exception cref="HearsayException">
    /// With <see cref="TopicSubscriptionOptions.IncludeHeld"/>: too many commands wait for the node. Transient.
    /// </exception>
    public TopicSubscription Subscribe(TopicSubscriptionOptions? options = null)
    {
        options ??= new TopicSubscriptionOptions();
        options.ThrowIfInvalid();
        return _service.Subscribe(Name, _utf8, options);
    }
}
