using Hearsay.Lab.Contract;
using Hearsay.Lab.Models.AntiEntropy.Replicate;

namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>A map that all nodes write, through losses and a partition.</summary>
internal sealed class ReplicateExperiment : IExperiment
{
    private const int MostNodes = 1_000;

    /// <summary>Of this 2 s pass until a megabyte has come from node to node to all.</summary>
    private const double MostConvergedMs = 5_000;

    private static readonly (string Name, ReplicateMode Mode)[] s_modes =
    [
        ("auto", ReplicateMode.Auto), ("hybrid", ReplicateMode.Hybrid), ("pull", ReplicateMode.Pull),
        ("deltas", ReplicateMode.Deltas), ("bprr", ReplicateMode.Bprr),
    ];

    public string Name => "replicate";

    public string Summary => "A map that all nodes write, through losses and a partition: lag, cost, and what is lost.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice(
            "--mode", "How writes spread: by broadcast (auto, hybrid), or by heartbeats alone (pull). Comparators: "
            + "delta CRDTs over the same links (deltas), and such that send back nothing and pass on only what is new "
            + "(bprr).", "auto", [.. s_modes.Select(static mode => mode.Name)]),
        CommonOptions.Nodes(16),
        LabOption.Whole("--writes-per-second", "Writes of all nodes together.", 1, 100_000, 100),
        LabOption.Whole("--seconds", "For how long they write.", 4, 3_600, 60),
        LabOption.Number("--loss", "Share of datagrams that are lost.", 0, 0.9, 0.1),
        LabOption.Number(
            "--partition-seconds", "How long the two halves do not reach each other, from a quarter of the time on.", 0,
            3_600, 30.0),
        LabOption.Choice(
            "--delays", "What delays packets: each link by 10 to 50 ms of its own (links), or each packet by 1 to 5 ms "
            + "of its own, so that packets overtake each other (packets).", "links", ["links", "packets"]),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public bool RunsWholeNodes => true;

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var options = Read(parameters);
        var run = new ReplicateRun(options, parameters.Trace).Run(progress.Report);
        var summary = SummaryOf(options, run);
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = summary,
            Results = [.. run.Phases.Select(phase => RowOf(options, phase))],
            Claims = [.. ClaimsOf(options, run)],
            Figures = [FigureOf(options, run)],
        };
    }

    private static ReplicateOptions Read(LabParameters parameters)
    {
        var (nodes, seconds) = (parameters.Whole("--nodes"), parameters.Whole("--seconds"));
        if (nodes is < 2 or > MostNodes)
        {
            throw new LabUsageException($"--nodes must be from 2 to {MostNodes:N0}: every node is a whole one.");
        }

        if (parameters.Number("--partition-seconds") >= 0.75 * seconds)
        {
            throw new LabUsageException(
                "--partition-seconds must be less than three quarters of --seconds, so that it ends before the writes "
                + "do.");
        }

        LabWork.Threads(parameters);
        return new ReplicateOptions(
            nodes, parameters.Whole("--writes-per-second"), seconds, parameters.Number("--loss"),
            parameters.Number("--partition-seconds"),
            Array.Find(s_modes, mode => mode.Name == parameters.Choice("--mode")).Mode,
            parameters.Choice("--delays") == "links" ? ReplicateDelays.Links : ReplicateDelays.Packets,
            parameters.Seed);
    }

    private static Row SummaryOf(ReplicateOptions options, ReplicateResult run) => new()
    {
        { "writes", run.Writes }, { "convergedMsAfterHeal", run.ConvergedMsAfterHeal },
        { "equalMsAfterWrites", run.EqualMsAfterWrites },
        { "redundantPayload", (double)run.PayloadsReceived / run.PayloadsNeeded },
        { "bytesPerNode", (double)run.BytesReceived / options.Nodes },
        { "exchangeBytesPerNode", (double)run.ExchangeBytes / options.Nodes },
        { "exchanges", run.Exchanges },
        { "latencyMsP50", Quantile(run.LatencyMs, 0.5) }, { "latencyMsP99", Quantile(run.LatencyMs, 0.99) },
        { "lostWrites", run.LostWrites }, { "divergentReplicas", run.DivergentReplicas },
    };

    private static Row RowOf(ReplicateOptions options, ReplicatePhase phase)
    {
        double PerNeed(long payloads) => payloads / Math.Max(1.0, phase.Writes * (options.Nodes - 1));
        return new Row
        {
            { "phase", phase.Name }, { "writes", phase.Writes }, { "payloads", PerNeed(phase.Payloads.All) },
            { "heard", PerNeed(phase.Payloads.Heard) }, { "repaired", PerNeed(phase.Payloads.Repaired) },
            { "again", PerNeed(phase.Payloads.Again) }, { "known", PerNeed(phase.Payloads.Known) },
            { "rows", PerNeed(phase.Payloads.Rows) }, { "exchanges", phase.Exchanges },
        };
    }

    private static IEnumerable<Claim> ClaimsOf(ReplicateOptions options, ReplicateResult run)
    {
        const string Source = "nothing that was written may be lost, and all nodes end equal";
        yield return Claim.AtMost("replicate/lost-writes", Source, 0, Math.Abs(run.LostWrites));
        yield return Claim.AtMost("replicate/divergent", Source, 0, run.DivergentReplicas);
        if (options is { Mode: ReplicateMode.Auto or ReplicateMode.Hybrid, Nodes: <= 64, Loss: <= 0.1 }
            && options.PartitionSeconds > 0)
        {
            yield return Claim.AtMost(
                "replicate/converged", "all have what any had when the partition healed, within 5 s", MostConvergedMs,
                run.ConvergedMsAfterHeal ?? double.MaxValue);
        }
    }

    private static double? Quantile(IReadOnlyList<double> values, double share) => values.Count == 0
        ? null : values.Order().ElementAt(Math.Min(values.Count - 1, (int)(share * values.Count)));

    private static LineFigure FigureOf(ReplicateOptions options, ReplicateResult run) => new(
        "replicate", $"Writes that other nodes have: {options.Nodes} nodes, {100 * options.Loss:0} % loss",
        "ms after the write", "% of nodes and writes",
        [
            new Curve("before the partition",
            [
                .. Enumerable.Range(1, 100).Where(_ => run.LatencyMs.Count > 0)
                    .Select(percent => (Quantile(run.LatencyMs, percent / 100.0)!.Value, (double)percent)),
            ]),
        ]);
}
