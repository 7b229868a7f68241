using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C7, C8 and C9: how diverse the peers are that a policy hands out, or chooses as partners.</summary>
/// <param name="id">Which claim.</param>
/// <param name="text">The claim.</param>
/// <param name="asPartners">Whether head and tail are also judged as the choice of the partner of a cycle.</param>
/// <param name="judge">Claims from the last row of every <see cref="SamplingPolicy"/> and
/// <see cref="PeerSelection"/>.</param>
internal sealed class PolicyDiversity(
    string id, string text, bool asPartners, Func<IReadOnlyDictionary<Enum, Row>, IEnumerable<Claim>> judge)
    : IntroductionExperiment(id, text)
{
    private const int ViewSize = 20;
    private const int Watched = 100;
    private static readonly int[] s_draws = [10, 20, 50, 100, 200];

    public override IReadOnlyList<LabOption> Options { get; } =
        [CommonOptions.Nodes(1_025), LabOption.Seed, CommonOptions.Threads];

    protected override int LeastNodes => 1_000;

    protected override (IReadOnlyList<Row>, IEnumerable<Claim>, IReadOnlyList<Figure>) Measure(
        LabParameters parameters, ILabProgress progress)
    {
        var nodes = parameters.Whole("--nodes");
        var variants = (from policy in Enum.GetValues<SamplingPolicy>()
                        from draws in s_draws
                        select (Policy: policy, Draws: draws)).ToArray();
        var samples = LabWork.Map(variants, parameters, progress, (variant, step) =>
        {
            var row = Sample(nodes, variant.Policy, variant.Draws, parameters.Seed);
            step();
            return row;
        });
        var selections = asPartners ? Enum.GetValues<PeerSelection>() : [];
        var partners = LabWork.Map(selections, parameters, progress, (selection, step) =>
        {
            var rows = Contacts(nodes, selection, parameters.Seed);
            step();
            return rows;
        });
        var last = new Dictionary<Enum, Row>();
        foreach (var (variant, row) in variants.Zip(samples))
        {
            last[variant.Policy] = row;
        }

        foreach (var (selection, rows) in selections.Zip(partners))
        {
            last[selection] = rows[^1];
        }

        return (
            [.. samples, .. partners.SelectMany(rows => rows)], judge(last),
            [
                FigureOf(samples, nodes, "distinct", "Distinct peers among those drawn, one draw a cycle",
                    "draws", $"distinct peers (mean over {Watched} nodes)"),
                .. asPartners
                    ? [FigureOf(partners.SelectMany(rows => rows), nodes, "partners",
                        "Distinct partners of the exchanges that a node begins",
                        "cycles", "distinct partners (mean over all nodes)")]
                    : Array.Empty<Figure>(),
            ]);
    }

    private static Row Sample(int nodes, SamplingPolicy policy, int draws, ulong seed)
    {
        using var engine = EngineFactory.Create(PeerSamplingOptions.Blind.WithViewSize(ViewSize), nodes, seed);
        var quality = SamplerStream.Measure(
            engine, ViewSize, policy, Math.Min(nodes, Watched), draws, 1, seed, () => { });
        return new Row
        {
            { "use", "sampling" }, { "policy", policy.ToString() }, { "draws", draws },
            { "distinctPeers", quality.DistinctPeers }, { "repeatShare", quality.RepeatShare },
            { "fallbackShare", quality.FallbackShare },
        };
    }

    private static Row[] Contacts(int nodes, PeerSelection selection, ulong seed)
    {
        var contacts = ContactDiversity.Measure(
            PeerSamplingOptions.Blind.WithViewSize(ViewSize) with { Selection = selection }, nodes, s_draws[^1], seed);
        return [.. s_draws.Select(draws => new Row
        {
            { "use", "partner" }, { "policy", selection.ToString() }, { "draws", draws },
            { "distinctPeers", contacts.DistinctPartners[draws - 1] }, { "repeatShare", contacts.RepeatShare },
            { "contactClustering", contacts.Clustering }, { "clusteringOfChance", contacts.ClusteringOfChance },
        })];
    }

    private LineFigure FigureOf(
        IEnumerable<Row> rows, int nodes, string name, string title, string horizontal, string vertical) => new(
            $"{Name}-{name}", $"{title}: blind, c = {ViewSize}, N = {nodes:N0}", horizontal, vertical,
            [.. CurvesOf(rows, "policy", "draws", "distinctPeers")
                .Select(curve => curve with { Label = PolicyText.Of(curve.Label) })])
        {
            References = [new Reference("200 uniform draws from all nodes",
                nodes * (1 - Math.Pow(1 - (1.0 / nodes), s_draws[^1])))],
        };
}
