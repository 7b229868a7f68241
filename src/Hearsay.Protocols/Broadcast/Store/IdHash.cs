using Hearsay.Protocols.Broadcast.Contracts;

namespace Hearsay.Protocols.Broadcast.Store;

/// <summary>Hashes names with a key of the node's own, so that nobody can choose names that collide.</summary>
internal sealed class IdHash(ulong key) : IEqualityComparer<BroadcastId>, IEqualityComparer<(SourceKey, ulong)>,
    IEqualityComparer<SourceKey>, IEqualityComparer<uint>
{
    public bool Equals(BroadcastId x, BroadcastId y) => x == y;

    public int GetHashCode(BroadcastId id) => (int)SeededRandom.Mix(id.Low ^ key ^ SeededRandom.Mix(id.High ^ key));

    public bool Equals((SourceKey, ulong) x, (SourceKey, ulong) y) => x.Item2 == y.Item2 && x.Item1 == y.Item1;

    public int GetHashCode((SourceKey, ulong) place) => (int)SeededRandom.Mix(place.Item2 ^ Mix(place.Item1));

    public bool Equals(SourceKey x, SourceKey y) => x == y;

    public int GetHashCode(SourceKey source) => (int)Mix(source);

    public bool Equals(uint x, uint y) => x == y;

    public int GetHashCode(uint tag) => (int)SeededRandom.Mix(tag ^ key);

    private ulong Mix(in SourceKey source) => SeededRandom.Mix(
        source.Origin.Low ^ key ^ SeededRandom.Mix(source.Origin.High ^ key ^ source.Incarnation));
}
