using System.Diagnostics.CodeAnalysis;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Samplers;

namespace Hearsay;

/// <content>The peers of a node, and samplers to draw them from.</content>
public sealed partial class GossipNode
{
    /// <summary>The maximum number of samplers of a node at a time, its own included.</summary>
    public const int MaximumSamplers = SamplerSet.DefaultCapacity;

    /// <summary>Draws a peer from this node's own sampler: uniform without replacement.</summary>
    /// <param name="peer">The peer, or the default value if there is none.</param>
    /// <returns>False if the view is empty.</returns>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public bool TryGetPeer(out Peer peer) => Running._sampler.TryGetPeer(out peer);

    /// <summary>Draws a peer and tells whether it was fresh or a fallback.</summary>
    /// <param name="peer">The peer, or the default value if there is none.</param>
    /// <param name="origin">None, fresh or fallback.</param>
    /// <returns>False if the view is empty.</returns>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public bool TryGetPeer(out Peer peer, out SampleOrigin origin) =>
        Running._sampler.TryGetPeer(out peer, out origin);

    /// <summary>Draws distinct peers. Returns fewer than asked for if the view holds no more.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public IReadOnlyList<Peer> GetPeers(int count) => Running._sampler.GetPeers(count);

    /// <summary>Draws distinct peers into the caller's buffer, without allocating.</summary>
    /// <param name="destination">The buffer, which is filled from its start.</param>
    /// <returns>The number of peers drawn, which is less than the buffer holds if the view has no more.</returns>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public int GetPeers(Span<Peer> destination) => Running._sampler.GetPeers(destination);

    /// <summary>All peers of the view at this moment, in no particular order.</summary>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public IReadOnlyList<Peer> GetView() => Running._loop.Core.View.Copy();

    /// <summary>
    /// Creates a sampler for one consumer, with its own policy and its own memory of the peers it has handed out.
    /// Dispose it when the consumer is done. When the node has stopped, the sampler finds no more peers.
    /// </summary>
    /// <param name="policy">The rule by which it chooses peers.</param>
    /// <exception cref="InvalidOperationException">
    /// The node has <see cref="MaximumSamplers"/> samplers already.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    public IPeerSampler CreateSampler(SamplingPolicy policy = SamplingPolicy.UniformWithoutReplacement) =>
        CreateSamplerCore(policy, null);

    /// <summary>
    /// Creates a sampler for one consumer that draws by the application's own weights. See the other overload.
    /// </summary>
    /// <param name="weight">Filters or weights the peers; see <see cref="IPeerWeight"/>.</param>
    /// <param name="policy">The rule by which it chooses among the peers of positive weight.</param>
    /// <inheritdoc cref="CreateSampler(SamplingPolicy)" path="/exception"/>
    public IPeerSampler CreateSampler(
        IPeerWeight weight, SamplingPolicy policy = SamplingPolicy.UniformWithoutReplacement)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return CreateSamplerCore(policy, weight);
    }

    /// <summary>Waits until the view holds at least a given number of peers.</summary>
    /// <param name="count">The number of peers, from 1 to the view size.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException">The view can never hold that many peers.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The node has stopped, or stops while this waits. If it stops because another node has its id, the inner
    /// exception is an <see cref="IdConflictException"/>; that happens only with <see cref="IdConflictAction.Stop"/>
    /// or in mode identity.
    /// </exception>
    public Task WaitForPeersAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _options.Sampling.ViewSize);
        return Running._events.WaitForPeersAsync(count, cancellationToken);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns the sampler.")]
    private PeerSampler CreateSamplerCore(SamplingPolicy policy, IPeerWeight? weight) =>
        Running._loop.Core.Samplers.TryCreate(policy, out var sampler, weight)
            ? sampler
            : throw new InvalidOperationException(
                $"A node has at most {MaximumSamplers} samplers at a time. Dispose those that are no "
                + "longer used.");
}
