namespace Hearsay;

/// <summary>
/// What an application holds of the peer sampling service: ask it for someone to talk to. Each consumer has a sampler
/// of its own, with its own policy and its own memory of what it was given.
/// </summary>
/// <remarks>
/// Every member may be called from any thread at any time, never waits for the node's event loop and takes no lock.
/// Drawing one peer allocates nothing. Source: TOCS 2007, section 2.1 (getPeer).
/// </remarks>
public interface IPeerSampler : IDisposable
{
    /// <summary>The policy this sampler draws by.</summary>
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

    /// <summary>Draws distinct peers into a buffer of the caller's; allocates nothing.</summary>
    /// <param name="destination">Filled from its start.</param>
    /// <returns>How many were drawn: fewer than asked for if the view holds no more.</returns>
    int GetPeers(Span<Peer> destination);

    /// <summary>Draws distinct peers.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <returns>At most <paramref name="count"/> peers; fewer if the view holds no more.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    IReadOnlyList<Peer> GetPeers(int count);

    /// <summary>How good this sampler's stream has been lately.</summary>
    SamplerQuality Quality { get; }
}
