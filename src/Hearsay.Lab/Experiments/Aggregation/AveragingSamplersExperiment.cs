using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>
/// The averaging factor as a test of a sampler: near 1/(2 sqrt e) only if partners are as good as random.
/// </summary>
internal sealed class AveragingSamplersExperiment : IExperiment
{
    private const int WarmupCycles = 20;

    private static readonly string[] s_samplers = ["uniform", "swapper", "healer", "blind", "newscast", "static"];

    public string Name => "averaging-samplers";

    public string Summary => "The averaging factor as a test of randomness: uniform, Swapper, Healer, Blind.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CornerPresets.ViewSize, CommonOptions.Nodes(100_000), AggregationOptionSet.Cycles, LabOption.Seed,
        CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        CornerPresets.RequireEven(parameters.Whole("--view-size"));
        var runs = LabWork.Map(s_samplers, parameters, progress, (sampler, step) => Run(sampler, parameters, step),
            parameters.Whole("--cycles"));
        var factors = runs.Select(rows => rows.Where(row => row.Number("cycle") is >= 2 and <= 25)
            .Select(row => row.Number("factor")).DefaultIfEmpty(double.NaN).Average()).ToArray();
        var summary = new Row();
        foreach (var (sampler, factor) in s_samplers.Zip(factors))
        {
            summary.Add(sampler + "MeanFactor", factor);
        }

        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = summary,
            Results = [.. runs.SelectMany(rows => rows)],
            Claims = [.. ClaimsOf(parameters, summary, runs)],
            Figures = FiguresOf(parameters, runs, factors),
        };
    }

    private static List<Row> Run(string sampler, LabParameters parameters, Action step)
    {
        var (nodes, seed) = (parameters.Whole("--nodes"), parameters.Seed);
        var values = StartValues.Of("uniform", nodes, seed);
        var truth = values.Average();
        using var overlay = OverlayOf(sampler, parameters);
        var averaging = new AveragingRun(values, 1, new GossipFaults(), seed, overlay);
        var (rows, before) = (new List<Row>(), averaging.Measure(truth).Variance);
        for (var cycle = 1; cycle <= parameters.Whole("--cycles"); cycle++)
        {
            averaging.Step();
            var spread = averaging.Measure(truth);
            rows.Add(new Row
            {
                { "sampler", sampler }, { "cycle", cycle }, { "variance", spread.Variance },
                { "factor", spread.Variance / before }, { "maxRelativeError", spread.MaximumRelativeError },
            });
            before = spread.Variance;
            step();
        }

        return rows;
    }

    private static ICycleEngine? OverlayOf(string sampler, LabParameters parameters)
    {
        if (sampler == "uniform")
        {
            return null;
        }

        var sampling = ProtocolSetup.Named(sampler == "static" ? "swapper" : sampler)
            .WithViewSize(parameters.Whole("--view-size"));
        var engine = new BulkEngine(
            new CycleOptions { Rules = sampling.ToRules(), Seed = parameters.Seed }, parameters.Whole("--nodes"),
            threads: 1);
        engine.Run(WarmupCycles);
        return sampler == "static" ? new FrozenOverlay(engine) : engine;
    }

    private static IEnumerable<Claim> ClaimsOf(LabParameters parameters, Row summary, List<Row>[] runs)
    {
        if (parameters.Whole("--nodes") < 10_000 || parameters.Whole("--view-size") != 30
            || parameters.Whole("--cycles") != 30)
        {
            yield break;
        }

        yield return Claim.Between("averaging-samplers/uniform", AveragingTheory.Source + ": 1/(2 sqrt e) = 0.3033",
            0.295, 0.312, summary.Number("uniformMeanFactor"));
        yield return Claim.AtMost("averaging-samplers/swapper", "target: near the uniform sampler's", 0.33,
            summary.Number("swapperMeanFactor"));
        yield return Claim.AtMost("averaging-samplers/swapper-error-30", "target", 1e-5,
            runs[1][^1].Number("maxRelativeError"));
        yield return Claim.AtLeast("averaging-samplers/static-over-swapper",
            "partners that never change mix worse than a gossiping overlay's", 1,
            summary.Number("staticMeanFactor") / summary.Number("swapperMeanFactor"));
    }

    private static string LabelOf(string sampler) => sampler == "static" ? "a graph that never changes" : sampler;

    private static LineFigure[] FiguresOf(LabParameters parameters, List<Row>[] runs, double[] factors)
    {
        var where = $"averaging, N = {parameters.Whole("--nodes"):N0}, c = {parameters.Whole("--view-size")}";
        return
        [
            new LineFigure("averaging-samplers", $"How random are the partners? {where}",
                "cycle", "variance over that of the cycle before",
                [.. runs.Select((rows, index) => new Curve(
                    string.Create(System.Globalization.CultureInfo.InvariantCulture,
                        $"{LabelOf(s_samplers[index])} (mean {factors[index]:0.000})"),
                    [.. rows.Select(row => (row.Number("cycle"), row.Number("factor")))]))])
            {
                References = [new Reference("uniform partners, theory: 1/(2√e) = 0.3033", AveragingTheory.Factor)],
            },
        ];
    }
}
