namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>The name of one event: the sequence-th of an epoch.</summary>
/// <param name="Epoch">The writer and its epoch.</param>
/// <param name="Sequence">From 1 on, without gaps as the writer gives them.</param>
internal readonly record struct Dot(EpochId Epoch, ulong Sequence) : IComparable<Dot>
{
    /// <summary>Orders dots by epoch and number: decides between rows of equal stamps.</summary>
    public int CompareTo(Dot other) =>
        Epoch.CompareTo(other.Epoch) is not 0 and var order ? order : Sequence.CompareTo(other.Sequence);
}
