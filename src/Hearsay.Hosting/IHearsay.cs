namespace Hearsay.Hosting;

/// <summary>
/// The node that the host starts and stops; inject it where more is wanted than an <see cref="IPeerSampler"/>.
/// </summary>
public interface IHearsay
{
    /// <summary>The node, once the host has started it.</summary>
    /// <exception cref="InvalidOperationException">The host has not started it yet.</exception>
    GossipNode Node { get; }

    /// <summary>
    /// The node, as soon as the host has started it. Do not await it in a <c>StartAsync</c> or constructor that runs
    /// before Hearsay's own: the host starts its services one after the other.
    /// </summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the host stopped before the
    /// start.</exception>
    Task<GossipNode> WhenStartedAsync(CancellationToken cancellation = default);
}
