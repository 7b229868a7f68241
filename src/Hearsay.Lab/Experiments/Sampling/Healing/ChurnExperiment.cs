using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Lab.Experiments.Sampling.Overlay;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Sampling.Healing;

/// <summary>
/// Every cycle some nodes crash and as many join with one random live contact: how many entries of a view are dead?
/// </summary>
internal sealed class ChurnExperiment : IExperiment
{
    private const int RowEvery = 5;

    /// <summary>Where few are dead, a run differs by 2.5 % from another (6 seeds of an independent program).</summary>
    private const double FewDeadTolerance = 0.1;

    public string Name => "churn";

    public string Summary => "Constant churn: the dead entries of views over H, and that S does not matter.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Number("--rate", "Share of the nodes replaced in each cycle.", 0, 0.5, 0.01),
        LabOption.Text("--sessions", "How long nodes stay, in place of a rate: exponential:CYCLES, weibull:CYCLES or "
            + "pareto:CYCLES with that mean, or a CSV file with a length in cycles first in each line.",
            "KIND:CYCLES or FILE", null),
        CornerPresets.Selection, CornerPresets.ViewSize, CommonOptions.Nodes(10_000), CommonOptions.Cycles(200),
        .. CommonOptions.Network, LabOption.Seed, CommonOptions.Threads,
    ];

    public bool RunsWholeNodes => true;

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var half = parameters.Whole("--view-size") / 2;
        CornerPresets.RequireEven(parameters.Whole("--view-size"));
        if (parameters.IsGiven("--rate") && parameters.IsGiven("--sessions"))
        {
            throw new LabUsageException("--rate and --sessions: give one of them.");
        }

        if (string.Join(Environment.NewLine, ProtocolSetup.NetworkErrors(parameters)) is { Length: > 0 } errors)
        {
            throw new LabUsageException(errors);
        }

        var points = new[] { (0, 0), (0, half), (1, 0), (1, half - 1), (2, 0), (half / 4, 0),
            ((half + 1) / 2, half / 2), (half, 0) }.Distinct().ToArray();
        var runs = LabWork.Map(points, parameters, progress,
            (point, step) => Run(point, point == points[0] ? parameters.Trace : null, parameters, step),
            parameters.Whole("--cycles"));
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", points.Length } },
            Results = [.. runs.SelectMany(rows => rows)],
            Claims = [.. ClaimsOf(points, runs, parameters)],
            Figures = FiguresOf(points, runs, parameters),
        };
    }

    private static List<Row> Run(
        (int Healing, int Swap) point, LabTrace? trace, LabParameters parameters, Action step)
    {
        var sampling = new PeerSamplingOptions
        {
            Selection = Enum.Parse<PeerSelection>(parameters.Choice("--selection"), ignoreCase: true),
            ViewSize = parameters.Whole("--view-size"), Healing = point.Healing, Swap = point.Swap,
        };
        using var engine = CreateEngine(sampling, trace, parameters);
        var replaced = (int)Math.Round(parameters.Number("--rate") * parameters.Whole("--nodes"));
        var sessions = parameters.IsGiven("--sessions")
            ? new SessionChurn(SessionLengths.Read(parameters.Choice("--sessions")), engine, parameters.Seed) : null;
        var rows = new List<Row>();
        for (var cycle = 1; cycle <= parameters.Whole("--cycles"); cycle++)
        {
            if (sessions is null)
            {
                ConstantChurn.Replace(engine, replaced, parameters.Seed);
            }
            else
            {
                sessions.Replace(engine);
            }

            engine.Run(1);
            step();
            if (cycle % RowEvery == 0 || cycle == parameters.Whole("--cycles"))
            {
                rows.Add(RowOf(point, engine));
            }
        }

        return rows;
    }

    private static ICycleEngine CreateEngine(
        PeerSamplingOptions sampling, LabTrace? trace, LabParameters parameters)
    {
        var (nodes, loss) = (parameters.Whole("--nodes"), parameters.Number("--loss"));
        return parameters.Choice("--engine") == "bulk"
            ? EngineFactory.Create(
                new CycleOptions { Rules = sampling.ToRules(), Seed = parameters.Seed, Loss = loss }, nodes)
            : new EventEngine(sampling, new EventOptions(
                parameters.Seed, LatencyRange.Parse(parameters.Choice("--latency-ms")), loss, Trace: trace),
                nodes, OverlayStart.Random);
    }

    private static Row RowOf((int Healing, int Swap) point, ICycleEngine engine)
    {
        var metrics = OverlayRow.Of(engine.Cycle, OverlayMetrics.Measure(engine.Snapshot(), pathSources: 0));
        var entries = metrics.Number("meanViewSize") * engine.LiveCount;
        return new Row
        {
            { "healing", point.Healing },
            { "swap", point.Swap },
            { "cycle", engine.Cycle },
            { "deadShare", metrics.Number("deadLinks") / entries },
            { "deadEntriesPerView", metrics.Number("deadLinks") / engine.LiveCount },
            { "inDegreeStdDev", metrics.Number("inDegreeStdDev") },
            { "outsideLargest", engine.LiveCount - metrics.Number("largestComponent") },
        };
    }

    /// <summary>Figures of an independent program, and bounds.</summary>
    private static IEnumerable<Claim> ClaimsOf((int, int)[] points, List<Row>[] runs, LabParameters parameters)
    {
        if (parameters.Choice("--engine") == "event")
        {
            foreach (var claim in WithLatency(points, runs, parameters))
            {
                yield return claim;
            }

            yield break;
        }

        if (parameters.Whole("--nodes") != 10_000 || parameters.Whole("--view-size") != 30
            || parameters.Choice("--selection") != "rand" || parameters.Whole("--cycles") < 100
            || parameters.Number("--loss") > 0)
        {
            yield break;
        }

        foreach (var claim in OrderClaims(points, runs))
        {
            yield return claim;
        }

        if (!HasKnownRate(parameters))
        {
            yield break;
        }

        foreach (var (point, rows) in points.Zip(runs))
        {
            (double Dead, double Spread)? known = point switch
            {
                (0, 0) when parameters.Whole("--cycles") == 200 => (13.35, 14.9),
                (0, 15) when parameters.Whole("--cycles") == 200 => (11.29, 6.9),
                (1, 0) => (3.17, 20.7),
                (1, 14) => (2.95, 9.9),
                (8, 7) => (0.83, 12.4),
                (15, 0) => (0.55, 11.5),
                _ => null,
            };
            var id = $"churn/h{point.Item1}-s{point.Item2}";
            if (known is { } expected)
            {
                yield return Claim.Near(
                    id + "/dead-entries", Sources.Tocs, expected.Dead,
                    Settled(rows, point.Item1, parameters, "deadEntriesPerView"),
                    expected.Dead < 1 ? FewDeadTolerance : Claim.DefaultTolerance);
                yield return Claim.Near(
                    id + "/in-degree", Sources.Tocs, expected.Spread, rows[^1].Number("inDegreeStdDev"));
            }

            yield return Claim.AtMost(
                id + "/outside-largest", Sources.Tocs + ": at most one newcomer, in two of six runs", 3,
                rows[^1].Number("outsideLargest"));
            if (point is (1, 0) or (15, 0))
            {
                yield return Claim.AtMost(
                    id + "/dead-share", Sources.Bound, point.Item1 == 1 ? 0.11 : 0.02,
                    Settled(rows, point.Item1, parameters, "deadShare"));
            }
        }
    }

    /// <summary>
    /// Baldoni and others (2006) report samplers that fall apart for good after few joins and leaves at the same time.
    /// Whole nodes with time-outs do not: who joined in the last cycles may still be outside.
    /// </summary>
    private static IEnumerable<Claim> WithLatency(
        (int Healing, int Swap)[] points, List<Row>[] runs, LabParameters parameters)
    {
        if (parameters.Whole("--nodes") < 1_000 || parameters.Whole("--view-size") < 20
            || parameters.Number("--rate") > 0.01 || parameters.IsGiven("--sessions") || runs[0].Count < 10)
        {
            yield break;
        }

        foreach (var (point, rows) in points.Zip(runs))
        {
            yield return Claim.AtMost(
                $"churn/event/h{point.Healing}-s{point.Swap}/outside-largest",
                "bound after Baldoni et al. 2006: a cycle of newcomers", 0.01,
                rows[^1].Number("outsideLargest") / parameters.Whole("--nodes"));
        }
    }

    /// <summary>
    /// The last cycle, as in the known figures. With sessions the number of crashes in a cycle is chance (100, give or
    /// take 10), and with healing the last cycles are all that is counted: then the mean of the last 50 cycles.
    /// </summary>
    private static double Settled(List<Row> rows, int healing, LabParameters parameters, string name) =>
        parameters.IsGiven("--sessions") && healing > 0
            ? rows.TakeLast(50 / RowEvery).Average(row => row.Number(name)) : rows[^1].Number(name);

    /// <summary>Fewer dead entries with every step of H, and S hardly matters.</summary>
    private static IEnumerable<Claim> OrderClaims((int Healing, int Swap)[] points, List<Row>[] runs)
    {
        double Dead((int, int) point) =>
            runs[Array.IndexOf(points, point)].TakeLast(4).Average(row => row.Number("deadEntriesPerView"));
        var order = new[] { (0, 0), (1, 0), (2, 0), (8, 7), (15, 0) }.Select(Dead).ToArray();
        yield return Claim.AtMost("churn/decreasing-in-h", Sources.Bound + ": the largest ratio of a step of H", 0.99,
            order.Zip(order[1..], (less, more) => more / less).Max());
        yield return Claim.Within("churn/s-hardly-matters-h0", Sources.Bound + " (11.29 / 13.35)", 0.846,
            Dead((0, 15)) / Dead((0, 0)), 0.08);
        yield return Claim.Within("churn/s-hardly-matters-h1", Sources.Bound + " (2.95 / 3.17)", 0.93,
            Dead((1, 14)) / Dead((1, 0)), 0.08);
    }

    /// <summary>1 % in a cycle; sessions that do not remember how long they last are the constant rate.</summary>
    private static bool HasKnownRate(LabParameters parameters) => parameters.IsGiven("--sessions")
        ? parameters.Choice("--sessions") == "exponential:100" : parameters.Number("--rate") == 0.01;

    private static List<Figure> FiguresOf((int Healing, int Swap)[] points, List<Row>[] runs, LabParameters parameters)
    {
        var rate = (100 * parameters.Number("--rate")).ToString("0.##", CultureInfo.InvariantCulture);
        var where = (parameters.IsGiven("--sessions")
            ? $"sessions {parameters.Choice("--sessions")}, N = {parameters.Whole("--nodes"):N0}, "
            : $"{rate} % of {parameters.Whole("--nodes"):N0} nodes replaced per cycle, ")
            + $"c = {parameters.Whole("--view-size")}";
        return
        [
            new LineFigure("churn", $"Dead entries under churn: {where}", "cycle", "dead entries of views (%)",
                [.. points.Zip(runs).Select(run => new Curve($"H = {run.First.Healing}, S = {run.First.Swap}",
                    [.. run.Second.Select(row => (row.Number("cycle"), 100 * row.Number("deadShare")))]))])
            {
                References = HasKnownRate(parameters) && parameters.Whole("--view-size") == 30
                    ? [new Reference("bound for H = 1 (11 %)", 11), new Reference("bound for H = 15 (2 %)", 2)] : [],
            },
        ];
    }
}
