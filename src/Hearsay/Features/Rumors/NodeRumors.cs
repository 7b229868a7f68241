using Hearsay.Features.Rumors;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// The rumors of a node. A rumor is a small payload for all nodes. It spreads at random and dies out by itself. Nearly
/// every node hears it, but no node is guaranteed to.
/// </summary>
/// <remarks>
/// Safe on any thread. Use rumors for small news that a node may miss without harm. Use
/// <see cref="GossipNode.GetTopic"/> for messages that must reach every node. Sources: see <see cref="RumorOptions"/>.
/// </remarks>
/// <example>
/// <code>
/// await using var heard = node.Rumors.Subscribe(onMissed: missed => Console.WriteLine($"missed {missed}"));
/// await node.Rumors.SpreadAsync("the cache of 10.0.0.5 is full");
/// await foreach (var rumor in heard)
/// {
///     Console.WriteLine($"{rumor.Id.Origin}: {rumor.Text}");
/// }
/// </code>
/// </example>
public sealed class NodeRumors
{
    private readonly RumorService _service;

    internal NodeRumors(RumorService service) => _service = service;

    /// <summary>
    /// The counters of rumor mongering on this node since it started. They only grow. Any thread may read them.
    /// </summary>
    public RumorCounters Counters => _service.Counters;

    /// <summary>
    /// Starts a rumor. The task completes when the node has accepted the rumor, which it spreads from its next cycle
    /// on. A node accepts <see cref="RumorOptions.NewPerCycle"/> new rumors per cycle, those of other nodes included,
    /// and keeps <see cref="RumorOptions.LiveCapacity"/> payloads. While there is no room, the call waits for a later
    /// cycle. <see cref="GossipNode.LeaveAsync"/> waits until a rumor has been spread for three cycles.
    /// </summary>
    /// <param name="payload">
    /// At most <see cref="RumorOptions.LargestPayloadBytes"/> bytes, or in mode identity
    /// <see cref="RumorOptions.LargestSignedPayloadBytes"/>. It must not change until the task has completed.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for room. The rumor has not started then.</param>
    /// <returns>The id of the rumor. This node's own subscriptions do not receive the rumor.</returns>
    /// <exception cref="ArgumentException">The payload is too long.</exception>
    /// <exception cref="HearsayException">Too many commands are waiting for the node. Transient.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped, or is leaving.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled while it waited for room.</exception>
    public Task<RumorId> SpreadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) =>
        _service.SpreadAsync(payload, cancellationToken);

    /// <summary>Starts a rumor with a text, which is encoded as UTF-8. See the other overload.</summary>
    /// <param name="text">
    /// The text, of at most <see cref="RumorOptions.LargestPayloadBytes"/> bytes in UTF-8, or in mode identity
    /// <see cref="RumorOptions.LargestSignedPayloadBytes"/>.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for room. The rumor has not started then.</param>
    /// <returns>The id of the rumor.</returns>
    /// <exception cref="ArgumentException">
    /// The text is not valid Unicode (it has a lone surrogate), or it is too long.
    /// </exception>
    public Task<RumorId> SpreadAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SpreadAsync(StrictUtf8.GetBytes(text, nameof(text)), cancellationToken);
    }

    /// <summary>
    /// Subscribes to the rumors that this node hears from now on. Each rumor arrives once. Dispose the subscription
    /// when it is no longer needed.
    /// </summary>
    /// <param name="capacity">
    /// The number of rumors that may wait for the reader, from 1 to 1,048,576. Further rumors are dropped. Each rumor
    /// may have up to <see cref="RumorOptions.LargestPayloadBytes"/> bytes.
    /// </param>
    /// <param name="onMissed">
    /// Called with the number of rumors that the reader missed, at the place of the loss, by the code that reads the
    /// subscription. An exception ends the sequence and is thrown there. Null: the node logs a warning at the first
    /// loss.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <exception cref="InvalidOperationException">The node has 64 subscriptions to rumors already.</exception>
    public RumorSubscription Subscribe(int capacity = 1024, Action<long>? onMissed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, RumorService.LargestCapacity);
        return _service.Subscribe(capacity, onMissed);
    }
}
