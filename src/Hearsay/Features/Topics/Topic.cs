using Hearsay.Features.Topics;
using Hearsay.Protocols;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// A topic: what one node publishes reaches every node, and every subscriber on it, at most once. Every message that
/// one surviving, connected node has received reaches all subscribers that stay up and connected.
/// </summary>
/// <remarks>
/// Safe on any thread; cheap to make. All topics share one overlay: every node forwards, only subscribers receive.
/// </remarks>
/// <example>
/// <code>
/// await using var prices = node.Topic("prices").Subscribe();
/// await node.Topic("prices").PublishAsync("EUR 1.08"u8.ToArray());
/// await foreach (var message in prices)
/// {
///     Console.WriteLine($"{message.Origin}: {message.Text}");
/// }
/// </code>
/// </example>
public sealed class Topic
{
    private readonly TopicService _service;
    private readonly byte[] _utf8;

    internal Topic(TopicService service, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _utf8 = StrictUtf8.GetBytes(name, nameof(name));
        if (_utf8.Length > BroadcastOptions.MaximumTopicBytes)
        {
            throw new ArgumentException(
                $"A topic has at most {BroadcastOptions.MaximumTopicBytes} bytes of UTF-8, not {_utf8.Length}.",
                nameof(name));
        }

        (_service, Name) = (service, name);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>
    /// Publishes. Completes when the node has sent the message to its neighbours, not when it arrived;
    /// <see cref="PublishTrackedAsync(ReadOnlyMemory{byte}, CancellationToken)"/> tells how far it gets. A node that
    /// expects peers and has no neighbour yet is waited for, 2 s from the first such message on; the message then goes
    /// out when the first link comes up. <see cref="GossipNode.LeaveAsync"/> hands over what no neighbour has.
    /// </summary>
    /// <param name="payload">
    /// At most <see cref="BroadcastOptions.MaximumPayloadBytes"/>; must not change until the task has completed.
    /// </param>
    /// <param name="cancellation">
    /// Stops waiting for a free place among the messages that wait for the node, with an exception; and for the first
    /// neighbour, without one, since the message is published by then.
    /// </param>
    /// <exception cref="ArgumentException">The payload is too long.</exception>
    /// <exception cref="InvalidOperationException">The node leaves, or holds too many large messages.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public Task<PublishedMessage> PublishAsync(
        ReadOnlyMemory<byte> payload, CancellationToken cancellation = default) =>
        _service.PublishAsync(_utf8, payload, false, cancellation);

    /// <summary>Publishes a text as UTF-8; see the other overload.</summary>
    /// <exception cref="ArgumentException">The text is no Unicode (a lone surrogate), or too long.</exception>
    public Task<PublishedMessage> PublishAsync(string text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PublishAsync(StrictUtf8.GetBytes(text, nameof(text)), cancellation);
    }

    /// <summary>
    /// Publishes like <see cref="PublishAsync(ReadOnlyMemory{byte}, CancellationToken)"/>, and has every node
    /// acknowledge the message. That costs about three small frames per node, so it is for messages that matter, not
    /// for a stream.
    /// </summary>
    /// <returns>How far the message has got, as a number that grows.</returns>
    /// <inheritdoc cref="PublishAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public async Task<TrackedMessage> PublishTrackedAsync(
        ReadOnlyMemory<byte> payload, CancellationToken cancellation = default) =>
        (TrackedMessage)await _service.PublishAsync(_utf8, payload, true, cancellation).ConfigureAwait(false);

    /// <summary>Publishes a text as UTF-8 and has it acknowledged; see the other overload.</summary>
    /// <exception cref="ArgumentException">The text is no Unicode (a lone surrogate), or too long.</exception>
    public Task<TrackedMessage> PublishTrackedAsync(string text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PublishTrackedAsync(StrictUtf8.GetBytes(text, nameof(text)), cancellation);
    }

    /// <summary>Listens from now on. Dispose the subscription when done.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <exception cref="InvalidOperationException">
    /// The node has <see cref="TopicSubscriptionOptions.MaximumSubscriptions"/> subscriptions, over all topics, that
    /// were not disposed.
    /// </exception>
    public TopicSubscription Subscribe(TopicSubscriptionOptions? options = null)
    {
        options ??= new TopicSubscriptionOptions();
        options.ThrowIfInvalid();
        return _service.Subscribe(Name, _utf8, options);
    }
}
