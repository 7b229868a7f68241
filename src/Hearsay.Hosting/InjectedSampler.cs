namespace Hearsay.Hosting;

/// <summary>
/// A sampler that can be injected before the host has started the node: until then the view is empty; from the first
/// draw after it, a sampler of the node's own.
/// </summary>
internal sealed class InjectedSampler(HearsayService service, Action disposed) : IPeerSampler
{
    private IPeerSampler? _sampler;
    private int _isDisposed;

    /// <inheritdoc/>
    public SamplingPolicy Policy => SamplingPolicy.UniformWithoutReplacement;

    /// <inheritdoc/>
    public SamplerQuality Quality => Sampler?.Quality ?? new SamplerQuality(0, 0, 0, 0, 0);

    private IPeerSampler? Sampler => _sampler ?? Bind();

    /// <inheritdoc/>
    public bool TryGetPeer(out Peer peer) => TryGetPeer(out peer, out _);

    /// <inheritdoc/>
    public bool TryGetPeer(out Peer peer, out SampleOrigin origin)
    {
        (peer, origin) = (default, SampleOrigin.None);
        return Sampler?.TryGetPeer(out peer, out origin) ?? false;
    }

    /// <inheritdoc/>
    public int GetPeers(Span<Peer> destination) => Sampler?.GetPeers(destination) ?? 0;

    /// <inheritdoc/>
    public IReadOnlyList<Peer> GetPeers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Sampler?.GetPeers(count) ?? [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Volatile.Read(ref _sampler)?.Dispose();
            disposed();
        }
    }

    private IPeerSampler? Bind()
    {
        if (service.StartedNode is not { } node)
        {
            return null;
        }

        if (Make(node) is not { } made)
        {
            return null;
        }

        if (Interlocked.CompareExchange(ref _sampler, made, null) is { } first)
        {
            made.Dispose();
            return first;
        }

        if (Volatile.Read(ref _isDisposed) != 0)
        {
            made.Dispose();
        }

        return made;
    }

    /// <summary>None of a node that has stopped: a draw is never an exception.</summary>
    private static IPeerSampler? Make(GossipNode node)
    {
        try
        {
            return node.CreateSampler();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }
}
