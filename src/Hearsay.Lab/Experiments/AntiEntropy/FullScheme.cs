namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>One side sends all its ids.</summary>
internal sealed class FullScheme(int idBytes) : IReconcileScheme
{
    /// <inheritdoc/>
    public ReconcileCost Run(ReconcileCase difference) => new(
        difference.TheirItems * idBytes, 1, null, null, difference.TheirItems - difference.MissingHere,
        IsComplete: true);
}
