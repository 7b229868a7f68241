namespace Hearsay.Lab.Models;

/// <summary>
/// The simplest rumor, infect for ever, on an overlay that gossips along: nobody loses interest before all know.
/// </summary>
internal static class OverlayRumor
{
    private const int MostRounds = 300;

    /// <summary>Spreads one rumor from the first live node. Who asks names what it knows.</summary>
    public static SpreadRun Spread(ICycleEngine engine, Propagation way, int fanout, ulong seed)
    {
        var options = new RumorOptions
        {
            Mode = Enum.Parse<RumorMode>(way.ToString()), Digests = true, Fanout = fanout,
            K = RumorOptions.LargestK, NewPerCycle = 1, MaximumAgeCycles = MostRounds,
        };
        var run = new RumorRun(options, engine.NodeCount, seed);
        run.Start(Enumerable.Range(0, engine.NodeCount).First(engine.IsAlive));
        var partners = new OverlayPartners(engine);
        var (median, payloads, requests) = (0, 0L, 0L);
        var curve = new List<(double, double)>();
        while (run.Known < engine.LiveCount && run.Cycle < MostRounds)
        {
            engine.Run(1);
            var cycle = run.Step(partners);
            payloads += cycle.Payloads;
            requests += cycle.Requests;
            curve.Add((
                (double)run.Known / engine.LiveCount, (double)cycle.Payloads / Math.Max(1, cycle.News)));
            median = median == 0 && 2 * run.Known >= engine.LiveCount ? run.Cycle : median;
        }

        return new SpreadRun(
            run.Cycle, median, (double)run.Known / engine.LiveCount, payloads, requests, curve);
    }
}
