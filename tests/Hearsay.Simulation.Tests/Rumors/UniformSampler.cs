using Hearsay.Protocols;

namespace Hearsay.Simulation.Tests.Rumors;

/// <summary>
/// Draws from all nodes of a network, as the analyses of rumor mongering assume; or, broken, from the next ten only.
/// </summary>
internal sealed class UniformSampler(Peer[] all, int self, bool onlyNear = false) : IPeerSampler
{
    private SeededRandom _random = SeededRandom.For(17, (ulong)self, 0, 5);

    public SamplingPolicy Policy => SamplingPolicy.UniformWithReplacement;

    public SamplerQuality Quality => throw new NotSupportedException();

    public bool TryGetPeer(out Peer peer) => TryGetPeer(out peer, out _);

    public bool TryGetPeer(out Peer peer, out SampleOrigin origin)
    {
        var step = 1 + _random.Below(onlyNear ? 10 : all.Length - 1);
        (peer, origin) = (all[(self + step) % all.Length], SampleOrigin.Fresh);
        return true;
    }

    public int GetPeers(Span<Peer> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            do
            {
                TryGetPeer(out destination[i]);
            }
            while (destination[..i].Contains(destination[i]));
        }

        return destination.Length;
    }

    public IReadOnlyList<Peer> GetPeers(int count) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
