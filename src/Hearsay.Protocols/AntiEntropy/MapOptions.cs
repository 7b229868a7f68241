
using Hearsay.Protocols.Core;

namespace Hearsay;

/// <summary>
/// The options of replicated maps. Immutable; derive one record from another with <c>with</c>. All nodes of a cluster
/// should have the same options.
/// </summary>
public sealed record MapOptions
{
    /// <summary>The maximum length of a map's name, in bytes of UTF-8.</summary>
    public const int LongestNameBytes = 64;

    /// <summary>The maximum length of a key, a field or an element, in bytes of UTF-8.</summary>
    public const int LongestKeyBytes = 1_024;

    /// <summary>The maximum length of a value, in bytes.</summary>
    public const int LargestValueBytes = 1 << 20;

    /// <summary>The maximum number of changes in a batch.</summary>
    public const int LargestBatch = 256;

    /// <summary>The maximum length of all keys and values of a batch together, in bytes.</summary>
    public const int LargestBatchBytes = 1 << 20;

    /// <summary>
    /// The time between two heartbeats of a node. With each heartbeat a node compares its maps with those of one random
    /// peer. A shorter time repairs sooner and costs more traffic while nothing differs: about 60 bytes per map.
    /// </summary>
    /// <value>Default 1 s. From 50 ms to 1 h.</value>
    public TimeSpan CycleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A secret text that keys the digests of rows and the sketches. Somebody who does not know it cannot construct
    /// entries that stall the comparison. Nodes with different secrets never find that their maps are equal.
    /// </summary>
    /// <value>Default empty: anybody can compute the digests.</value>
    public string Secret { get; init; } = "";

    /// <summary>
    /// The number of maps that a node holds. A map that another node has is held here too, so this also bounds the
    /// number of maps that other nodes can make this node hold.
    /// </summary>
    /// <value>Default 64. From 1 to 4,096.</value>
    public int MaximumMaps { get; init; } = 64;

    /// <summary>
    /// The number of keys of a map above which this node refuses to write new ones. It never refuses what other nodes
    /// have written, since replicas that refuse would never become equal.
    /// </summary>
    /// <value>Default 1,000,000. From 1 to 100,000,000.</value>
    public int MaximumKeys { get; init; } = 1_000_000;

    /// <summary>
    /// The number of bytes of keys and values of a map above which this node refuses to write. It never refuses what
    /// other nodes have written.
    /// </summary>
    /// <value>Default 64 MiB. From 1 KiB to 1 TiB.</value>
    public long MaximumBytes { get; init; } = 64 << 20;

    /// <summary>
    /// The number of bytes that an exchange with one peer may bring. An exchange is held in memory until it is
    /// complete. One that would bring more is given up, and counted.
    /// </summary>
    /// <value>Default 256 MiB. At least 2 MiB and at most 2,000 MiB.</value>
    public long MaximumExchangeBytes { get; init; } = 256 << 20;

    /// <summary>
    /// The number of exchanges at a time in which a node asks. It answers as many other exchanges at the same time.
    /// </summary>
    /// <value>Default 16. From 1 to 1,024.</value>
    public int MaximumExchanges { get; init; } = 16;

    /// <summary>
    /// The number of cells of the sketch of each map. It takes 24 bytes per cell, and finds differences of up to about
    /// 0.7 entries per cell. All nodes need the same number.
    /// </summary>
    /// <value>Default 16,384. From 64 to 65,536.</value>
    public int SketchCells { get; init; } = 16_384;

    /// <summary>
    /// The number of the latest removals that each map keeps for peers that have not heard of them. If a peer lacks
    /// older ones, the sketch is used.
    /// </summary>
    /// <value>Default 4,096. From 0 to 1,000,000.</value>
    public int RemovalLogLength { get; init; } = 4_096;

    /// <summary>
    /// How far the clock of this node may be from the median of its peers' clocks. Beyond that, the node warns. It
    /// still hides rows that have expired by its clock, but does not remove them. Writes go on, because time stamps
    /// only decide among concurrent writes.
    /// </summary>
    /// <value>Default 10 s. From 100 ms to 1 d.</value>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether this node holds maps for a visit only, and takes along what it has when it leaves. It does not tell
    /// other nodes that it has their writes, so they do not count on it.
    /// </summary>
    internal bool IsGuest { get; init; }

    /// <summary>Returns every error that makes the options unusable. Each message names the option and its range.
    /// </summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new OptionErrors();
        errors.Require(
            CycleTime >= TimeSpan.FromMilliseconds(50) && CycleTime <= TimeSpan.FromHours(1),
            $"{nameof(CycleTime)} must be from 50 ms to 1 h, not {CycleTime}.");
        errors.Require(
            Secret is { Length: <= 1_024 }, $"{nameof(Secret)} must be a text of at most 1,024 characters.");
        errors.Range(nameof(MaximumMaps), MaximumMaps, 1, 4_096);
        errors.Range(nameof(MaximumKeys), MaximumKeys, 1, 100_000_000);
        errors.Range(nameof(MaximumBytes), MaximumBytes, 1 << 10, 1L << 40);
        errors.Range(nameof(MaximumExchangeBytes), MaximumExchangeBytes, 2 << 20, 2_000L << 20);
        errors.Range(nameof(MaximumExchanges), MaximumExchanges, 1, 1_024);
        errors.Range(nameof(SketchCells), SketchCells, 64, 65_536);
        errors.Range(nameof(RemovalLogLength), RemovalLogLength, 0, 1_000_000);
        errors.Require(
            ClockTolerance >= TimeSpan.FromMilliseconds(100) && ClockTolerance <= TimeSpan.FromDays(1),
            $"{nameof(ClockTolerance)} must be from 100 ms to 1 d, not {ClockTolerance}.");
        return errors.All;
    }
}
