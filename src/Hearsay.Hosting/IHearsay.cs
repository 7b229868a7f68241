namespace Hearsay.Hosting;

/// <summary>
/// The node that the host starts and stops. Inject it where an <see cref="IPeerSampler"/> is not enough. Safe on any
/// thread.
/// </summary>
public interface IHearsay
{
    /// <summary>The node. It is available once the host has started it.</summary>
    /// <exception cref="InvalidOperationException">The host has not started it yet.</exception>
    GossipNode Node { get; }

    /// <summary>
    /// Completes with the node when the host has started it. Do not await it in a constructor or a <c>StartAsync</c>
    /// that runs before that of Hearsay. The host starts its services one after the other, so such a wait would never
    /// end.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the host stopped before the
    /// start.</exception>
    Task<GossipNode> WhenStartedAsync(CancellationToken cancellationToken = default);
}
