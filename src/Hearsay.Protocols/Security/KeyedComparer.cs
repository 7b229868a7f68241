using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Security;

/// <summary>Hashes ids and boots with a secret, so that nobody can choose some that collide.</summary>
internal sealed class KeyedComparer(ulong secret) : IEqualityComparer<UInt128>
{
    /// <inheritdoc/>
    public bool Equals(UInt128 x, UInt128 y) => x == y;

    /// <inheritdoc/>
    public int GetHashCode(UInt128 obj) =>
        (int)SeededRandom.Mix(SeededRandom.Mix(secret ^ (ulong)(obj >> 64)) ^ secret ^ (ulong)obj);
}
