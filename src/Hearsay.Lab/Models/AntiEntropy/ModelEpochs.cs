using Hearsay.Protocols;
using Hearsay.Protocols.AntiEntropy.Replica;

namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>The numbers of a node's epochs; unlike random ones they are the same in every run.</summary>
/// <param name="node">The node.</param>
/// <param name="isReused">Whether it gives the same number for ever: the defect of that store.</param>
internal sealed class ModelEpochs(int node, bool isReused) : IEpochSource
{
    /// <summary>How many were drawn.</summary>
    public int Drawn { get; private set; }

    /// <inheritdoc/>
    public ulong Next() => SeededRandom.Mix((ulong)((node << 16) + (isReused ? 0 : ++Drawn)));
}
