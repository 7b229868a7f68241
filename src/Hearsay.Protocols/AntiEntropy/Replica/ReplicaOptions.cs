using Hearsay.Protocols.AntiEntropy.Dots;
using Hearsay.Protocols.AntiEntropy.Rows;
using Hearsay.Protocols.AntiEntropy.Sketch;

namespace Hearsay.Protocols.AntiEntropy.Replica;

/// <summary>The secret and the bounds of a replica.</summary>
internal sealed record ReplicaOptions
{
    /// <summary>The most changes of a batch.</summary>
    public const int MostChanges = 256;

    /// <summary>
    /// How many ranges of one epoch events may leave: what lies between them is missing, and comes by an exchange.
    /// </summary>
    public const int MostRanges = 1_024;

    /// <summary>Makes the digests of rows.</summary>
    public RowDigester Digester { get; init; }

    /// <summary>Makes the hashes of the sketch.</summary>
    public SketchKey SketchKey { get; init; }

    /// <summary>The cells of the sketch. Default 16,384.</summary>
    public int SketchCells { get; init; } = SketchPrefix.DefaultCells;

    /// <summary>How many removals the log keeps. Default 4,096.</summary>
    public int LogLength { get; init; } = 4_096;

    /// <summary>How many exchanges may be open at a time; the oldest gives way. Default 8.</summary>
    public int OpenExchanges { get; init; } = 8;

    /// <summary>How many rows may come by other ways while an exchange is open. Default 65,536.</summary>
    public int RowsBesideExchange { get; init; } = 65_536;

    /// <summary>
    /// How much a context here and at any peer may have to say (<see cref="CausalContext.Entries"/>), so that each can
    /// read the other's. Events of others take up to a half of it, exchanges up to three quarters, and the rest is left
    /// to the writes of this node. Default 1,048,576.
    /// </summary>
    public int MostEntries { get; init; } = 1 << 20;

    /// <summary>How many bytes of values that are replaced are kept for exchanges that are open. Default 16 MiB.
    /// </summary>
    public long BytesBesideExchange { get; init; } = 16 << 20;
}
