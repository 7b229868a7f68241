namespace Hearsay.Lab;

/// <summary>C2 and C4: what push, pull and pushpull pay for a delivery, and how they bear growth.</summary>
internal abstract class SpreadByWay(string id, string text) : IntroductionExperiment(id, text)
{
    private static readonly Propagation[] s_ways = [Propagation.Push, Propagation.Pull, Propagation.PushPull];

    protected override (IReadOnlyList<Row>, IEnumerable<Claim>, IReadOnlyList<Figure>) Measure(
        LabParameters parameters, ILabProgress progress)
    {
        var nodes = parameters.Whole("--nodes");
        var runs = LabWork.Map(s_ways, parameters, progress, (way, step) =>
        {
            var grown = Converged(nodes, parameters.Seed, way, Simulation.OverlayStart.Growing, 60);
            var hub = OverlayRow.Of(grown, parameters.Seed);
            var run = OverlayRumor.Spread(Converged(nodes, parameters.Seed), way, 1, parameters.Seed);
            step();
            return (Way: way, Hub: hub, Run: run);
        });
        Row[] rows = [.. runs.Select(run => new Row
        {
            { "propagation", run.Way.ToString().ToLowerInvariant() }, { "rounds", run.Run.Rounds },
            { "payloadsPerDelivery", (double)run.Run.Payloads / nodes },
            { "messagesPerDelivery", (double)(run.Run.Payloads + run.Run.Requests) / nodes },
            { "viewBytesPerCycle", (run.Way == Propagation.PushPull ? 30 : 15) * DescriptorBytes },
            { "grownInDegreeMax", run.Hub.Number("inDegreeMax") }, { "grownComponents", run.Hub.Number("components") },
        })];
        return (rows, ClaimsOf(rows, [.. runs.Select(run => run.Run)]),
            [
                new LineFigure($"{Name}-cost", "Payloads for each node newly told, while a rumor spreads: "
                    + $"N = {nodes:N0}, c = 30, H = 1, S = 14",
                    "nodes that know already (%)", "payloads per new node (log scale)",
                    [.. runs.Select(run => new Curve(run.Way.ToString().ToLowerInvariant(),
                        [.. run.Run.Curve.Select(point => (100 * point.Share, point.PayloadsPerNew))]))])
                {
                    LogVertical = true, References = [new Reference("no payload wasted (1)", 1)],
                },
            ]);
    }

    /// <summary>The claims; rows and runs are of push, pull and pushpull.</summary>
    protected abstract IEnumerable<Claim> ClaimsOf(Row[] rows, SpreadRun[] runs);
}
