using System.Diagnostics;
using Hearsay.Simulation;

namespace Hearsay.Lab;

/// <summary>The free experiment: any protocol from any start, measured every few cycles.</summary>
internal sealed class OverlayExperiment : IExperiment
{
    public string Name => "overlay";

    public string Summary => "Any protocol from any start: in-degrees, clustering, path length, components.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        .. CommonOptions.Protocol, CommonOptions.Start("random"), CommonOptions.JoinsPerCycle,
        CommonOptions.Nodes(10_000), CommonOptions.Cycles(100), CommonOptions.Loss, CommonOptions.Latency,
        CommonOptions.Engine, LabOption.Seed, CommonOptions.Threads, CommonOptions.MetricsEvery,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        RequireBulk(parameters);
        var setup = ProtocolSetup.Read(parameters);
        parameters.Settle("--threads", parameters.IsGiven("--threads") ? parameters.Whole("--threads") : 1);
        var start = Enum.Parse<OverlayStart>(parameters.Choice("--start"), ignoreCase: true);
        var (nodes, cycles) = (parameters.Whole("--nodes"), parameters.Whole("--cycles"));
        var engine = EngineFactory.Create(
            setup.ToCycleOptions(parameters.Seed, parameters.Whole("--joins-per-cycle")), nodes, start);
        var (rows, watch, peak) = (new List<Row>(), new Stopwatch(), 0L);
        while (engine.Cycle < cycles)
        {
            watch.Start();
            engine.Run(1);
            watch.Stop();
            progress.Report((double)engine.Cycle / cycles);
            if (engine.Cycle == cycles)
            {
                peak = PeakMemory.Bytes;
            }

            if (engine.Cycle == cycles || engine.Cycle % parameters.Whole("--metrics-every") == 0)
            {
                rows.Add(OverlayRow.Of(engine, parameters.Seed));
            }
        }

        if (cycles == 0)
        {
            (peak, rows) = (PeakMemory.Bytes, [OverlayRow.Of(engine, parameters.Seed)]);
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "exchanges", engine.ExchangeCount },
                { "exchangeSeconds", seconds },
                { "exchangesPerSecond", seconds > 0 ? engine.ExchangeCount / seconds : 0 },
                { "probeExchangesPerSecond", MemoryProbe.Measure(nodes) },
                { "stateBytes", engine.StateBytes },
                { "peakBytes", peak },
            },
            Results = rows,
            Claims = OverlayOracles.Check(setup, start, parameters, rows[^1]),
            Figures = OverlayFigures.Of(setup, start, nodes, rows),
        };
    }

    /// <summary>Refuses what only the event engine can do, by name, instead of ignoring it.</summary>
    private static void RequireBulk(LabParameters parameters)
    {
        if (parameters.Choice("--engine") != "bulk")
        {
            throw new LabUsageException("--engine event is not available yet; --engine must be bulk.");
        }

        if (parameters.Number("--loss") > 0 || parameters.Number("--latency-ms") > 0)
        {
            throw new LabUsageException(
                "--loss and --latency-ms need --engine event, which is not available yet; both must be 0.");
        }
    }
}
