using Hearsay.Features.Rumors;
using Hearsay.Settings;

namespace Hearsay;

/// <summary>
/// The rumors of a node: small texts for everybody, which spread by chance and die out by themselves. Nearly all nodes
/// hear one. Nothing makes sure that all do.
/// </summary>
/// <remarks>
/// Safe on any thread. Use rumors for small news that a node may miss without harm. <see cref="GossipNode.Topic"/> is
/// for messages that must reach everybody. Sources: see <see cref="RumorOptions"/>.
/// </remarks>
/// <example>
/// <code>
/// await using var heard = node.Rumors.Subscribe();
/// await node.Rumors.SpreadAsync("the cache of 10.0.0.5 is full");
/// await foreach (var rumor in heard)
/// {
///     Console.WriteLine(rumor.IsLagged ? $"missed {rumor.Missed}" : $"{rumor.Id.Origin}: {rumor.Text}");
/// }
/// </code>
/// </example>
public sealed class NodeRumors
{
    private readonly RumorService _service;

    internal NodeRumors(RumorService service) => _service = service;

    /// <summary>What rumor mongering counted on this node since it started.</summary>
    public RumorCounters Counters => _service.Counters;

    /// <summary>
    /// Begins a rumor. The task completes when the node has taken it; the node tells it from its next cycle on. A node
    /// takes <see cref="RumorOptions.NewPerCycle"/> new rumors in a cycle, those of others included, and keeps
    /// <see cref="RumorOptions.LiveCapacity"/> texts. While it has no room, the call waits for a later cycle.
    /// <see cref="GossipNode.LeaveAsync"/> waits until a rumor has been told for three cycles.
    /// </summary>
    /// <param name="payload">
    /// At most <see cref="RumorOptions.LargestPayloadBytes"/>; must not be changed until the task has completed.
    /// </param>
    /// <param name="cancellationToken">Cancels waiting for room; then the rumor has not begun.</param>
    /// <returns>The rumor's name. This node's own subscriptions do not get it.</returns>
    /// <exception cref="ArgumentException">The payload is too long.</exception>
    /// <exception cref="InvalidOperationException">
    /// The node is leaving, or too many commands wait for it.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled while it waited for room.</exception>
    public Task<RumorId> SpreadAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default) =>
        _service.SpreadAsync(payload, cancellationToken);

    /// <summary>Begins a rumor with a text as UTF-8; see the other overload.</summary>
    /// <exception cref="ArgumentException">The text is no Unicode (a lone surrogate), or too long.</exception>
    public Task<RumorId> SpreadAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SpreadAsync(StrictUtf8.GetBytes(text, nameof(text)), cancellationToken);
    }

    /// <summary>
    /// Subscribes to the rumors that this node hears from now on, each once. Dispose the subscription when done.
    /// </summary>
    /// <param name="capacity">
    /// How many rumors may wait for the reader, from 1 to 1,048,576; more are dropped, and a notice says how many. Each
    /// has up to <see cref="RumorOptions.LargestPayloadBytes"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not allowed.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <exception cref="InvalidOperationException">The node has 64 subscriptions to rumors already.</exception>
    public RumorSubscription Subscribe(int capacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, RumorService.LargestCapacity);
        return _service.Subscribe(capacity);
    }
}
