using Hearsay.Lab.Contract;
using Hearsay.Simulation.Neighbours;

namespace Hearsay.Lab.Experiments.Neighbours;

/// <summary>The overlay of stable neighbours that whole nodes make: how few hops, how few triangles.</summary>
internal sealed class NeighboursExperiment : IExperiment
{
    private const int SecondsBetweenRows = 5;
    private const int MostNodes = 100_000;

    /// <summary>Below this size chance decides.</summary>
    private const int LeastNodes = 1_000;

    private const string Paper = "HyParView (Leitão, Pereira, Rodrigues, DSN 2007)";

    public string Name => "neighbours";

    public string Summary => "The overlay of stable neighbours: symmetry, degree, path length and clustering.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CommonOptions.Nodes(10_000),
        LabOption.Whole("--degree", "K: how many neighbours each node wants.", 2, NeighbourOptions.MaximumActiveSize,
            5),
        LabOption.Whole("--seconds", "How long to watch after the last node joined.", SecondsBetweenRows, 3_600, 40),
        LabOption.Latency("--latency-ms", "One-way delay of a link in milliseconds, uniform from A to B.", "10..50"),
        CommonOptions.Threads, LabOption.Seed,
    ];

    public bool RunsWholeNodes => true;

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var nodes = parameters.Whole("--nodes");
        if (nodes > MostNodes)
        {
            throw new LabUsageException($"--nodes must be at most {MostNodes:N0}: every node is a whole one.");
        }

        LabWork.Threads(parameters);
        var latency = LatencyRange.Parse(parameters.Choice("--latency-ms"));
        var swarm = new NeighbourSwarm(
            new NeighbourOptions { ActiveSize = parameters.Whole("--degree") },
            new VirtualNetworkOptions
            {
                Seed = parameters.Seed, MinimumLatency = latency.Least, MaximumLatency = latency.Most,
            });
        parameters.Trace?.Begin(swarm.Network, nodes, new NetworkTraceOptions
        {
            Links = node => swarm.LinksOf(node.Index),
            Values = [new TraceValue("neighbours", 0, parameters.Whole("--degree"), node => swarm.Count(node.Index))],
        });
        swarm.Add(nodes, TimeSpan.FromMilliseconds(2));
        var (rows, last) = (new List<Row>(), parameters.Whole("--seconds"));
        swarm.Network.Run(TimeSpan.Zero);
        rows.Add(RowOf(0, swarm, parameters.Seed));
        for (var seconds = 0; seconds < last;)
        {
            var step = Math.Min(SecondsBetweenRows, last - seconds);
            swarm.Network.Run(TimeSpan.FromSeconds(step));
            seconds += step;
            rows.Add(RowOf(seconds, swarm, parameters.Seed));
            progress.Report(seconds / (double)last);
        }

        var summary = new Row { { "oneSidedForTwoSeconds", swarm.OneSided() } };
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = summary,
            Results = rows,
            Claims = [.. ClaimsOf(parameters, rows[^1], summary)],
            Figures = FiguresOf(parameters, rows),
        };
    }

    private static Row RowOf(int seconds, NeighbourSwarm swarm, ulong seed)
    {
        var metrics = OverlayMetrics.Measure(swarm.Graph(), seed: seed);
        return new Row
        {
            { "secondsAfterLastJoin", seconds }, { "meanDegree", metrics.MeanDegree },
            {
                "fullShare", swarm.Up.Count(index => swarm.Count(index) == swarm.Neighbours[index].Capacity)
                    / (double)metrics.Nodes
            },
            { "oneSided", swarm.OneSidedNow().Count }, { "deadLinks", swarm.Dead() },
            { "averagePathLength", metrics.PathLength }, { "longestPath", metrics.LongestPath },
            { "clustering", metrics.Clustering }, { "components", metrics.Components },
        };
    }

    private static IEnumerable<Claim> ClaimsOf(LabParameters parameters, Row last, Row summary)
    {
        var (nodes, degree) = (parameters.Whole("--nodes"), parameters.Whole("--degree"));
        if (nodes < LeastNodes || degree != 5 || parameters.Whole("--seconds") < 40
            || parameters.Choice("--latency-ms") != "10..50")
        {
            yield break;
        }

        yield return Claim.AtMost(
            "neighbours/one-sided-for-two-seconds", Paper + ": symmetric", 0, summary.Number("oneSidedForTwoSeconds"));
        yield return Claim.Within("neighbours/degree", Paper, degree, last.Number("meanDegree"), 0.05);
        yield return Claim.AtMost("neighbours/components", Paper, 1, last.Number("components"));
        yield return Claim.AtMost("neighbours/dead-links", Paper, 0, last.Number("deadLinks"));

        // A random graph of this degree has about 4/N; the paper's overlay had 0.00092 at 10,000.
        yield return Claim.AtMost(
            "neighbours/clustering", "bound after HyParView: 0.00092 at 10,000 nodes", 20.0 / nodes,
            last.Number("clustering"));
        if (nodes == 10_000)
        {
            yield return Claim.Between(
                "neighbours/path-length", "HyParView: 6.388; random graph of degree 5: 6.361", 6.3, 6.5,
                last.Number("averagePathLength"));
        }
    }

    private static List<Figure> FiguresOf(LabParameters parameters, IReadOnlyList<Row> rows)
    {
        var where = $"N = {parameters.Whole("--nodes"):N0}, {parameters.Whole("--degree")} neighbours each";
        var isPaper = parameters.Whole("--nodes") == 10_000 && parameters.Whole("--degree") == 5;
        LineFigure Draw(string name, string title, string vertical, string value, double paper) => new(
            "neighbours-" + name, $"{title}: {where}", "seconds after the last node joined", vertical,
            [new Curve("measured", [.. rows.Select(row => (row.Number("secondsAfterLastJoin"), row.Number(value)))])])
        {
            References = isPaper ? [new Reference($"HyParView's paper ({Claim.Text(paper)})", paper)] : [],
        };
        return
        [
            Draw("path", "Paths over stable neighbours", "mean path length (hops)", "averagePathLength", 6.388),
            Draw("clustering", "Clustering of stable neighbours", "clustering coefficient (0 to 1)", "clustering",
                0.00092),
        ];
    }
}
