using System.Diagnostics;
using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;

namespace Hearsay.Lab.Experiments.Sampling.Overlay;

/// <summary>The free experiment: any protocol from any start, measured every few cycles.</summary>
internal sealed class OverlayExperiment : IExperiment
{
    public string Name => "overlay";

    public string Summary => "Any protocol from any start: in-degrees, clustering, path length, components.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        .. CommonOptions.Protocol, CommonOptions.Start("random"), CommonOptions.JoinsPerCycle,
        CommonOptions.Nodes(10_000), CommonOptions.Cycles(100), .. CommonOptions.Network,
        LabOption.Seed, CommonOptions.Threads, CommonOptions.MetricsEvery,
    ];

    public bool RunsWholeNodes => true;

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var setup = ProtocolSetup.Read(parameters);
        var start = Enum.Parse<OverlayStart>(parameters.Choice("--start"), ignoreCase: true);
        var (nodes, cycles) = (parameters.Whole("--nodes"), parameters.Whole("--cycles"));
        using var engine = setup.CreateEngine(parameters, nodes, start);
        var (rows, watch, peak, meanDegree) = (new List<Row>(), new Stopwatch(), 0L, 0.0);
        void Measure()
        {
            var metrics = OverlayMetrics.Measure(engine.Snapshot(), seed: parameters.Seed);
            meanDegree = metrics.MeanDegree;
            rows.Add(OverlayRow.Of(engine.Cycle, metrics));
        }

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
                Measure();
            }
        }

        if (cycles == 0)
        {
            peak = PeakMemory.Bytes;
            Measure();
        }

        var seconds = watch.Elapsed.TotalSeconds;
        var (exchanges, stateBytes) = (engine.Exchanges, engine.StateBytes);
        engine.Dispose();
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "exchanges", exchanges },
                { "exchangeSeconds", seconds },
                { "exchangesPerSecond", seconds > 0 ? exchanges / seconds : 0 },
                { "probeExchangesPerSecond", ProbeRate.Measure(nodes) },
                { "stateBytes", stateBytes },
                { "peakBytes", peak },
            },
            Results = rows,
            Claims = OverlayOracles.Check(setup, start, parameters, rows[^1], meanDegree),
            Figures = OverlayFigures.Of(setup, start, nodes, rows),
        };
    }
}
