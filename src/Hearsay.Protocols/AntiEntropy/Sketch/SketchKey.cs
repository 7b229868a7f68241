using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.AntiEntropy.Sketch;

/// <summary>
/// The secret that the hashes of symbols are made with. Who does not know it cannot choose symbols whose hashes
/// collide, which would stall the decoding of others.
/// </summary>
/// <param name="key0">The first half of the secret.</param>
/// <param name="key1">The second half.</param>
internal readonly struct SketchKey(ulong key0, ulong key1)
{
    private readonly KeyedHash _hash = new(key0, key1);

    /// <summary>The hash of a symbol: SipHash-2-4 of its eight bytes.</summary>
    public ulong HashOf(ulong symbol) => _hash.Of(symbol);
}
