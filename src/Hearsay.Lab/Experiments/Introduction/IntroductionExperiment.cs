using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>A claim of the introductions to the field, measured, with a curve and a verdict.</summary>
/// <param name="id">C1 to C10, in lower case.</param>
/// <param name="text">The claim.</param>
internal abstract class IntroductionExperiment(string id, string text) : IExperiment
{
    /// <summary>What a descriptor weighs on the wire, about: id, address, incarnation, age.</summary>
    protected const int DescriptorBytes = 35;

    /// <summary>Below this size nothing is claimed: chance decides.</summary>
    protected virtual int LeastNodes => 5_000;

    /// <summary>Where every claim of these experiments comes from.</summary>
    internal const string Source = "claim about gossip";

    /// <summary>Where what was measured says the opposite.</summary>
    internal const string AgainstIt = "measured against the claim";

    public string Name => "claim-" + id;

    public string Summary => text;

    public virtual IReadOnlyList<LabOption> Options { get; } =
        [CommonOptions.Nodes(10_000), LabOption.Seed, CommonOptions.Threads];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var (rows, claims, figures) = Measure(parameters, progress);
        claims = parameters.Whole("--nodes") >= LeastNodes ? [.. claims] : [];
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row
            {
                { "claim", text },
                { "verdict", VerdictOf(claims) },
            },
            Results = rows,
            Claims = [.. claims],
            Figures = figures,
        };
    }

    private static string VerdictOf(IEnumerable<Claim> claims) =>
        !claims.Any() ? "not judged at this size."
        : !claims.All(claim => claim.Holds) ? "not as expected."
        : claims.All(claim => claim.Source == AgainstIt) ? "measured, it does not hold."
        : claims.Any(claim => claim.Source == AgainstIt) ? "holds in part; see what was measured against it."
        : "holds.";

    /// <summary>Rows, claims and figures.</summary>
    protected abstract (IReadOnlyList<Row> Rows, IEnumerable<Claim> Claims, IReadOnlyList<Figure> Figures) Measure(
        LabParameters parameters, ILabProgress progress);

    /// <summary>A claim's id in this experiment.</summary>
    protected string IdOf(string what) => $"{id}/{what}";

    /// <summary>A converged overlay of rand, pushpull, H = 1, S = 14 to spread rumors on.</summary>
    protected static ICycleEngine Converged(
        int nodes, ulong seed, Propagation propagation = Propagation.PushPull,
        OverlayStart start = OverlayStart.Random, int cycles = 30)
    {
        var sampling = PeerSamplingOptions.Swapper with { Healing = 1, Swap = 14, Propagation = propagation };
        var engine = EngineFactory.Create(sampling, nodes, seed, start);
        engine.Run(cycles);
        return engine;
    }

    /// <summary>Spreads a rumor on a converged overlay.</summary>
    protected static SpreadRun Spread(int nodes, ulong seed, Propagation way, int fanout = 1)
    {
        using var engine = Converged(nodes, seed);
        return OverlayRumor.Spread(engine, way, fanout, seed);
    }

    /// <summary>One curve per group of rows.</summary>
    protected static Curve[] CurvesOf(IEnumerable<Row> rows, string group, string x, string y) =>
        [.. rows.GroupBy(row => ResultCsv.Text(row[group])).Select(part => new Curve(
            part.Key, [.. part.Select(row => (row.Number(x), row.Number(y)))]))];
}
