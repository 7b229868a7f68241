namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>
/// Where the numbers of new epochs come from: 64 random bits that no restored disk and no cloned machine can repeat.
/// </summary>
internal interface IEpochSource
{
    /// <summary>A number that was never given before, to any node.</summary>
    ulong Next();
}
