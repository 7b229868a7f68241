namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>
/// Keeps what was computed of folded epochs. They change when a node has started again, and contexts with every event.
/// </summary>
internal sealed class FoldedMemo
{
    /// <summary>What was computed last; null if nothing was.</summary>
    public object? Value { get; set; }
}
