using Hearsay.Lab.Contract;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>The options that experiments of aggregation share.</summary>
internal static class AggregationOptionSet
{
    public static LabOption Loss { get; } = LabOption.Number(
        "--loss", "Share of messages lost, each way for itself.", 0, 0.95, 0.0);

    public static LabOption LinkFailure { get; } = LabOption.Number(
        "--link-failure", "Share of exchanges that do not happen, for both sides.", 0, 0.95, 0.0);

    public static LabOption Crash { get; } = LabOption.Number(
        "--crash", "Share of the live nodes that crash before each cycle.", 0, 0.5, 0.0);

    public static LabOption Replace { get; } = LabOption.Choice(
        "--replace", "on: a new node takes the place of each that crashed, and waits for the next epoch.", "off",
        "on", "off");

    public static LabOption Retry { get; } = LabOption.Whole(
        "--retry", "Times a request is sent at most until its answer comes.", 1, 100, 1);

    public static LabOption Values { get; } = LabOption.Choice(
        "--values", "What the nodes start with: uniform in [0, 1); peak: N at one node, 0 elsewhere; lognormal.",
        "uniform", "uniform", "peak", "lognormal");

    public static LabOption Sampler { get; } = LabOption.Choice(
        "--sampler", "Partners: uniform: any node; view: an entry of the node's view in a gossiping overlay.",
        "uniform", "uniform", "view");

    public static LabOption Preset { get; } = LabOption.Choice(
        "--preset", "The overlay's protocol, for --sampler view.", "swapper", [.. PeerSamplingOptions.PresetNames]);

    public static LabOption ViewSize { get; } = LabOption.Whole(
        "--view-size", "c: entries of a view, an even number, for --sampler view.", 4,
        PeerSamplingOptions.MaximumViewSize, 30);

    /// <summary>The cycles of an epoch, as in the paper.</summary>
    public static LabOption Cycles { get; } = CommonOptions.Cycles(30);

    /// <summary>The faults that the options ask for.</summary>
    public static GossipFaults FaultsOf(LabParameters parameters) => new()
    {
        Loss = parameters.Number("--loss"), LinkFailure = parameters.Number("--link-failure"),
        Crash = parameters.Number("--crash"), Tries = parameters.Whole("--retry"),
    };
}
