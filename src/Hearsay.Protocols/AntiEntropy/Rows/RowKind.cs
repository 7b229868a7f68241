namespace Hearsay.Protocols.AntiEntropy.Rows;

/// <summary>What a row is part of. Concurrent rows of a path all stay; the kind says how they are read.</summary>
internal enum RowKind : byte
{
    /// <summary>A value; of concurrent ones that with the highest stamp, and then the highest dot, is shown.</summary>
    Register = 1,

    /// <summary>A value; all concurrent ones are shown.</summary>
    MultiValue = 2,

    /// <summary>What one epoch of one node has added to a counter, and what it has subtracted.</summary>
    Share = 3,

    /// <summary>An element of a set: it is in the set while there is a row.</summary>
    Element = 4,

    /// <summary>A flag: it is up while there is a row.</summary>
    Flag = 5,
}
