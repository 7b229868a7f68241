namespace Hearsay.Learning.Tests.Exchange;

/// <summary>Hands out the same peers each time.</summary>
internal sealed class FixedSampler(params Peer[] peers) : IPeerSampler
{
    public SamplingPolicy Policy => default;

    public SamplerQuality Quality => throw new NotSupportedException();

    public bool TryGetPeer(out Peer peer)
    {
        peer = peers[0];
        return true;
    }

    public bool TryGetPeer(out Peer peer, out SampleOrigin origin)
    {
        origin = default;
        return TryGetPeer(out peer);
    }

    public int GetPeers(Span<Peer> destination)
    {
        var count = Math.Min(peers.Length, destination.Length);
        peers.AsSpan(0, count).CopyTo(destination);
        return count;
    }

    public IReadOnlyList<Peer> GetPeers(int count) => peers[..Math.Min(count, peers.Length)];

    public void Dispose()
    {
    }
}
