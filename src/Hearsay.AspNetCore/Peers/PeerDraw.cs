using Hearsay.AspNetCore.Errors;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Samplers;

namespace Hearsay.AspNetCore.Peers;

/// <summary>Draws peers from a sampler and tells of each whether it was fresh.</summary>
internal static class PeerDraw
{
    /// <summary>The most peers of one call: the largest view.</summary>
    public const int MaximumCount = 256;

    /// <summary>One peer, or the problem that there is none.</summary>
    public static PeerItem One(IPeerSampler sampler, GossipNode node) =>
        sampler.TryGetPeer(out var peer, out var origin)
            ? PeerItem.Drawn(peer, origin == SampleOrigin.Fallback)
            : throw NoPeer(node);

    /// <summary>Distinct peers, as many as there are; a problem if there is none.</summary>
    public static PeerList Several(IPeerSampler sampler, GossipNode node, int count)
    {
        var peers = new Peer[count];
        var fallbacks = 0;
        var drawn = sampler is PeerSampler own
            ? own.GetPeers(peers, out fallbacks) : sampler.GetPeers(peers.AsSpan());
        if (drawn == 0)
        {
            throw NoPeer(node);
        }

        var fresh = drawn - fallbacks;
        return new PeerList([.. peers.Take(drawn).Select((peer, place) => PeerItem.Drawn(peer, place >= fresh))]);
    }

    /// <summary>The view is empty; a cycle later there may be somebody.</summary>
    public static ProblemException NoPeer(GossipNode node) => new(Problems.NoPeer(
        Math.Clamp((int)Math.Ceiling(node.CycleTime.TotalSeconds), 1, 60)));
}
