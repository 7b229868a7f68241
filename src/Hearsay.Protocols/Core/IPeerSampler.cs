namespace Hearsay;

/// <summary>
/// The peer sampling service as one consumer uses it: it hands out random peers. Each consumer has a sampler of its
/// own, with its own policy and its own memory of the peers it was given.
/// </summary>
/// <remarks>
/// Every member may be called from any thread at any time, never waits for the node's event loop and takes no lock.
/// Drawing one peer allocates nothing. Source: TOCS 2007, section 2.1 (getPeer).
/// </remarks>
public interface IPeerSampler : IDisposable
{
    /// <summary>The policy by which this sampler draws peers.</summary>
    SamplingPolicy Policy { get; }

    /// <summary>Draws a peer.</summary>
    /// <param name="peer">The peer, or the default value if there is none.</param>
    /// <returns>False if the view is empty; never an exception.</returns>
    bool TryGetPeer(out Peer peer);

    /// <summary>Draws a peer and tells whether it was fresh or a fallback.</summary>
    /// <param name="peer">The peer, or the default value if there is none.</param>
    /// <param name="origin">None, fresh or fallback.</param>
    /// <returns>False if the view is empty; never an exception.</returns>
    bool TryGetPeer(out Peer peer, out SampleOrigin origin);

    /// <summary>Draws distinct peers into the caller's buffer, without allocating.</summary>
    /// <param name="destination">The buffer, which is filled from its start.</param>
    /// <returns>The number of peers drawn, which is less than the buffer holds if the view has no more.</returns>
    int GetPeers(Span<Peer> destination);

    /// <summary>Draws distinct peers.</summary>
    /// <param name="count">The number of peers, 0 or more.</param>
    /// <returns>At most <paramref name="count"/> peers; fewer if the view holds no more.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    IReadOnlyList<Peer> GetPeers(int count);

    /// <summary>The quality of this sampler's recent stream.</summary>
    SamplerQuality Quality { get; }
}
