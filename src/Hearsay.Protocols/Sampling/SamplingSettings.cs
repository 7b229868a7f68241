using System.Text.RegularExpressions;

namespace Hearsay.Protocols.Sampling;

/// <summary>
/// All options of peer sampling that people set by name. The command lines, their help, the environment and the files
/// of options follow from this table. The form of an exchange is not among them: presets choose it.
/// </summary>
internal static class SamplingSettings
{
    private const int MostOfHalf = PeerSamplingOptions.MaximumViewSize / 2;

    public static SamplingSetting<PeerSelection> Selection { get; } = new(
        nameof(PeerSamplingOptions.Selection), "The partner of a cycle", null, "tail",
        PeerSelection.Rand, PeerSelection.Head, static (options, value) => options with { Selection = value });

    public static SamplingSetting<Propagation> Propagation { get; } = new(
        nameof(PeerSamplingOptions.Propagation), "The direction in which descriptors travel", null, "pushpull",
        Hearsay.Propagation.PushPull, Hearsay.Propagation.Pull,
        static (options, value) => options with { Propagation = value });

    public static SamplingSetting<int> ViewSize { get; } = new(
        nameof(PeerSamplingOptions.ViewSize), "Peers in the view, c", "even, 4 to 256", "30",
        SamplingLimits.LeastViewSize, PeerSamplingOptions.MaximumViewSize,
        static (options, value) => options.WithViewSize(value));

    public static SamplingSetting<int> Healing { get; } = new(
        nameof(PeerSamplingOptions.Healing), "H, oldest entries removed first in a merge", "0 to c/2", "c/5",
        0, MostOfHalf, static (options, value) => options with { Healing = value });

    public static SamplingSetting<int> Swap { get; } = new(
        nameof(PeerSamplingOptions.Swap), "S, entries just sent that are removed next", "0 to c/2 - H", "c/2 - H",
        0, MostOfHalf, static (options, value) => options with { Swap = value });

    public static SamplingSetting<TimeSpan> CycleTime { get; } = new(
        nameof(PeerSamplingOptions.CycleTime), "The time between exchanges of a node", "10ms to 1h", "1s",
        SamplingLimits.ShortestCycle, SamplingLimits.LongestCycle,
        static (options, value) => options with { CycleTime = value });

    public static SamplingSetting<double> Jitter { get; } = new(
        nameof(PeerSamplingOptions.Jitter), "The share by which cycle times vary", "0 to 0.5", "0.1",
        0, SamplingLimits.MostJitter, static (options, value) => options with { Jitter = value });

    public static SamplingSetting<int> Fanout { get; } = new(
        nameof(PeerSamplingOptions.Fanout), "Partners per cycle", "1 to c", "1",
        1, PeerSamplingOptions.MaximumViewSize, static (options, value) => options with { Fanout = value });

    public static SamplingSetting<int> ShuffleLength { get; } = new(
        nameof(PeerSamplingOptions.ShuffleLength), "Cyclon's l, descriptors in an exchange", "2 to c", "8",
        SamplingLimits.LeastShuffleLength, PeerSamplingOptions.MaximumViewSize,
        static (options, value) => options with { ShuffleLength = value });

    public static SamplingSetting<int> TriesPerCycle { get; } = new(
        nameof(PeerSamplingOptions.TriesPerCycle), "Partners tried until one answers", "1 to 8", "4",
        1, PeerSamplingOptions.MaximumTries, static (options, value) => options with { TriesPerCycle = value });

    public static SamplingSetting<bool> EvictOnTimeout { get; } = new(
        nameof(PeerSamplingOptions.EvictOnTimeout), "Whether a peer that does not answer leaves the view", null, "true",
        false, true, static (options, value) => options with { EvictOnTimeout = value });

    public static SamplingSetting<TimeSpan> MinimumTimeout { get; } = new(
        nameof(PeerSamplingOptions.MinimumTimeout), "The shortest time-out of a request", "at least 1ms", "20ms",
        SamplingLimits.ShortestTimeout, SamplingLimits.LongestCycle,
        static (options, value) => options with { MinimumTimeout = value });

    public static SamplingSetting<TimeSpan> MaximumTimeout { get; } = new(
        nameof(PeerSamplingOptions.MaximumTimeout), "The longest time-out of a request", "below the cycle time",
        "a quarter of it",
        SamplingLimits.ShortestTimeout, SamplingLimits.LongestCycle,
        static (options, value) => options with { MaximumTimeout = value });

    public static SamplingSetting<int> QuarantineAfter { get; } = new(
        nameof(PeerSamplingOptions.QuarantineAfter), "Unanswered contacts until an address is quarantined", "1 to 16",
        "2", 1, SamplingLimits.MostQuarantineAfter,
        static (options, value) => options with { QuarantineAfter = value });

    public static SamplingSetting<int> QuarantineCycles { get; } = new(
        nameof(PeerSamplingOptions.QuarantineCycles), "Cycles for which an address is quarantined", "1 to 10,000", "20",
        1, SamplingLimits.MostQuarantineCycles, static (options, value) => options with { QuarantineCycles = value });

    public static SamplingSetting<int> RecontactCycles { get; } = new(
        nameof(PeerSamplingOptions.RecontactCycles), "Cycles between contacts to lost peers and seeds", "1 to 100,000",
        "20", 1, SamplingLimits.MostRecontactCycles,
        static (options, value) => options with { RecontactCycles = value });

    public static SamplingSetting<int> TableCapacity { get; } = new(
        nameof(PeerSamplingOptions.TableCapacity), "The most peers that the node knows", "4c + 64 to 65,535", "8c + 64",
        (4 * SamplingLimits.LeastViewSize) + 64, SamplingLimits.MostTableCapacity,
        static (options, value) => options with { TableCapacity = value });

    /// <summary>All of them. An option that changes others comes before those.</summary>
    public static IReadOnlyList<SamplingSetting> All { get; } =
    [
        Selection, Propagation, ViewSize, Healing, Swap, CycleTime, Jitter, Fanout, ShuffleLength, TriesPerCycle,
        EvictOnTimeout, MinimumTimeout, MaximumTimeout, QuarantineAfter, QuarantineCycles, RecontactCycles,
        TableCapacity,
    ];

    private static readonly Regex s_properties =
        new($@"\b({string.Join('|', All.Select(static setting => setting.Property))})\b");

    /// <summary>A message about options, which names them as the command line does.</summary>
    public static string InOptionNames(string message) => s_properties.Replace(
        message, static match => "--" + All.First(setting => setting.Property == match.Value).Name);
}
