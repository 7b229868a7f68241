namespace Hearsay.Protocols;

/// <summary>Hashes names with a key of the node's own, so that nobody can choose names that collide.</summary>
internal sealed class IdHash(ulong key) : IEqualityComparer<BroadcastId>, IEqualityComparer<(SourceKey, ulong)>
{
    public bool Equals(BroadcastId x, BroadcastId y) => x == y;

    public int GetHashCode(BroadcastId id) => (int)SeededRandom.Mix(id.Low ^ key ^ SeededRandom.Mix(id.High ^ key));

    public bool Equals((SourceKey, ulong) x, (SourceKey, ulong) y) => x.Item2 == y.Item2 && x.Item1 == y.Item1;

    public int GetHashCode((SourceKey, ulong) place)
    {
        var ((origin, incarnation), sequence) = place;
        var source = SeededRandom.Mix(origin.Low ^ key ^ SeededRandom.Mix(origin.High ^ key ^ incarnation));
        return (int)SeededRandom.Mix(sequence ^ source);
    }
}
