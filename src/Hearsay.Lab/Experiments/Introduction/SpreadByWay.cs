using Hearsay.Lab.Contract;
using Hearsay.Lab.Experiments.Sampling.Overlay;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C2 and C4: what push, pull and pushpull pay for a delivery, and how they bear growth and churn.</summary>
internal abstract class SpreadByWay(string id, string text) : IntroductionExperiment(id, text)
{
    private const int ChurnCycles = 100;
    private const int ChurnEvery = 5;

    /// <summary>The share of the nodes replaced per cycle.</summary>
    private const double ChurnRate = 0.01;

    private static readonly Propagation[] s_ways = [Propagation.Push, Propagation.Pull, Propagation.PushPull];

    protected override (IReadOnlyList<Row>, IEnumerable<Claim>, IReadOnlyList<Figure>) Measure(
        LabParameters parameters, ILabProgress progress)
    {
        var nodes = parameters.Whole("--nodes");
        var runs = LabWork.Map(s_ways, parameters, progress, (way, step) =>
        {
            using var grown = Converged(nodes, parameters.Seed, way, OverlayStart.Growing, 60);
            var hub = OverlayRow.Of(grown, parameters.Seed);
            var run = Spread(nodes, parameters.Seed, way);
            var churn = UnderChurn(nodes, parameters.Seed, way);
            step();
            return (Way: way, Hub: hub, Run: run, Churn: churn);
        });
        Row[] rows = [.. runs.Select(run => new Row
        {
            { "propagation", run.Way.ToString().ToLowerInvariant() }, { "rounds", run.Run.Rounds },
            { "payloadsPerDelivery", (double)run.Run.Payloads / nodes },
            { "messagesPerDelivery", (double)(run.Run.Payloads + run.Run.Requests) / nodes },
            { "viewBytesPerCycle", (run.Way == Propagation.PushPull ? 30 : 15) * DescriptorBytes },
            { "grownInDegreeMax", run.Hub.Number("inDegreeMax") }, { "grownComponents", run.Hub.Number("components") },
            { "churnInDegreeStdDev", run.Churn[^1].Deviation }, { "churnInDegreeMax", run.Churn[^1].Maximum },
            { "churnDeadShare", run.Churn[^1].DeadShare },
        })];
        return (rows, ClaimsOf(rows, [.. runs.Select(run => run.Run)]),
            [
                new LineFigure($"{Name}-cost", "Payloads for each node newly told, while a rumor spreads: "
                    + $"N = {nodes:N0}, c = 30, H = 1, S = 14",
                    "nodes that know already (%)", "payloads per new node",
                    [.. runs.Select(run => new Curve(FigureWords.Of(run.Way),
                        [.. run.Run.Curve.Select(point => (100 * point.Share, point.PayloadsPerNew))]))])
                {
                    LogVertical = true, References = [new Reference("no payload wasted (1)", 1)],
                },
                new LineFigure($"{Name}-churn", $"How evenly nodes are known under churn: {100 * ChurnRate:0} % of "
                    + $"{nodes:N0} nodes replaced per cycle, c = 30, H = 1, S = 14",
                    "cycle", "in-degree: standard deviation",
                    [.. runs.Select(run => new Curve(FigureWords.Of(run.Way),
                        [.. run.Churn.Select(point => ((double)point.Cycle, point.Deviation))]))])
                {
                    LogVertical = true,
                    References = [new Reference("random graph", OverlayMetrics.RandomGraphDeviation(nodes, 30))],
                },
            ]);
    }

    /// <summary>In-degrees while nodes come and go, from a converged overlay.</summary>
    private static List<(int Cycle, double Deviation, int Maximum, double DeadShare)> UnderChurn(
        int nodes, ulong seed, Propagation way)
    {
        using var engine = Converged(nodes, seed, way);
        var (start, points) = (engine.Cycle, new List<(int, double, int, double)>());
        for (var cycle = 0; cycle <= ChurnCycles; cycle++)
        {
            if (cycle > 0)
            {
                ConstantChurn.Replace(engine, (int)Math.Round(ChurnRate * nodes), seed);
                engine.Run(1);
            }

            if (cycle % ChurnEvery == 0)
            {
                var metrics = OverlayMetrics.Measure(engine.Snapshot(), pathSources: 0);
                points.Add((engine.Cycle - start, metrics.InDegreeDeviation, metrics.InDegreeMaximum,
                    metrics.DeadLinks / (metrics.MeanViewSize * metrics.Nodes)));
            }
        }

        return points;
    }

    /// <summary>The claims; rows and runs are of push, pull and pushpull.</summary>
    protected abstract IEnumerable<Claim> ClaimsOf(Row[] rows, SpreadRun[] runs);
}
