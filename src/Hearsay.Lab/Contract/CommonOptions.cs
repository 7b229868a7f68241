using Hearsay.Protocols.Sampling;

namespace Hearsay.Lab.Contract;

/// <summary>The options that experiments share, under the names of <c>hearsay up</c> where they mean that.</summary>
internal static class CommonOptions
{
    public static LabOption Selection { get; } = LabOption.Of(SamplingSettings.Selection, "Default rand.");

    public static LabOption Propagation { get; } = LabOption.Of(SamplingSettings.Propagation, "Default pushpull.");

    public static LabOption ViewSize { get; } =
        LabOption.Of(SamplingSettings.ViewSize, "Default 30, or the preset's.");

    public static LabOption Healing { get; } = LabOption.Of(SamplingSettings.Healing, "Default 0.");

    public static LabOption Swap { get; } = LabOption.Of(SamplingSettings.Swap, "Default c/2 - H.");

    public static LabOption Preset { get; } = LabOption.Choice(
        "--preset", "Where selection, propagation, view size, H and S start from.", null,
        [.. PeerSamplingOptions.PresetNames]);

    public static LabOption Fanout { get; } = LabOption.Of(SamplingSettings.Fanout, null, 1);

    public static LabOption Evict { get; } = LabOption.Choice(
        "--evict", "off: partners are chosen among live peers, as in the papers; on: a node tries, and who does not "
        + "answer leaves the view, as live.", "off", "on", "off");

    public static LabOption Tries { get; } = LabOption.Whole(
        "--tries", "Partners tried for one exchange; needs --evict on. Default 3.",
        1, PeerSamplingOptions.MaximumTries, null);

    public static LabOption Threads { get; } = LabOption.Whole(
        "--threads", "Threads at most; the numbers do not depend on it. Default all.", 1, 1024, null);

    public static LabOption JoinsPerCycle { get; } = LabOption.Whole(
        "--joins-per-cycle", "Nodes that join in each cycle of a growing start.", 1, 1_000_000, 500);

    public static LabOption MetricsEvery { get; } = LabOption.Whole(
        "--metrics-every", "Cycles between two rows.", 1, 1_000_000, 10);

    public static LabOption Loss { get; } = LabOption.Number("--loss", "Share of messages lost.", 0, 1, 0.0);

    public static LabOption Latency { get; } = LabOption.Latency(
        "--latency-ms", "One-way delay of a message in milliseconds, uniform from A to B; needs --engine event. A "
        + "cycle is a second (preset wan: five), and an answer that takes a quarter of it comes too late.");

    public static LabOption Engine { get; } = LabOption.Choice(
        "--engine", "bulk: cycle by cycle, no time within; event: unmodified nodes in virtual time, which find out "
        + "themselves who lives (--evict on).", "bulk", "bulk", "event");

    /// <summary>The options that describe the protocol and its partners.</summary>
    public static IReadOnlyList<LabOption> Protocol { get; } =
        [Preset, Selection, Propagation, ViewSize, Healing, Swap, Fanout, Evict, Tries];

    /// <summary>The options of the network between the nodes.</summary>
    public static IReadOnlyList<LabOption> Network { get; } = [Engine, Loss, Latency];

    public static LabOption Start(string value) => LabOption.Choice(
        "--start", "The overlay before the first cycle.", value,
        [.. Enum.GetNames<OverlayStart>().Select(name => name.ToLowerInvariant())]);

    public static LabOption Nodes(int value) =>
        LabOption.Whole("--nodes", "N: how many nodes there are.", 2, 10_000_000, value);

    public static LabOption Cycles(int value, string help = "Cycles to run.") =>
        LabOption.Whole("--cycles", help, 0, 1_000_000, value);

    public static LabOption Runs(int value) =>
        LabOption.Whole("--runs", "Independent runs, each with its own seed.", 1, 10_000, value);
}
