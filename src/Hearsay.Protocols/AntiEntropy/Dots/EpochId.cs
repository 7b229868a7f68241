namespace Hearsay.Protocols.AntiEntropy.Dots;

/// <summary>
/// Whose events are numbered: a node, from one opening of its store to the next. The number of the epoch is random and
/// drawn anew at the first write after every opening, so no event number is ever given twice, whatever was restored.
/// </summary>
/// <param name="Node">The writer.</param>
/// <param name="Number">64 random bits.</param>
internal readonly record struct EpochId(NodeId Node, ulong Number) : IComparable<EpochId>
{
    /// <summary>The bytes of an epoch on the wire.</summary>
    public const int SizeBytes = NodeId.SizeBytes + sizeof(ulong);

    /// <summary>Orders epochs by node and then by number; the order means nothing but is the same everywhere.</summary>
    public int CompareTo(EpochId other) =>
        Node.CompareTo(other.Node) is not 0 and var order ? order : Number.CompareTo(other.Number);
}
