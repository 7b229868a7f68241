namespace Hearsay.Lab;

/// <summary>C7, C8 and C9: how diverse the peers are that a policy hands out.</summary>
/// <param name="id">Which claim.</param>
/// <param name="text">The claim.</param>
/// <param name="judge">Claims from distinct peers and repeats per policy.</param>
internal sealed class PolicyDiversity(
    string id, string text, Func<IReadOnlyDictionary<SamplingPolicy, Row>, IEnumerable<Claim>> judge)
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
        var rows = LabWork.Map(variants, parameters, progress, (variant, step) =>
        {
            using var engine = EngineFactory.Create(
                PeerSamplingOptions.Blind.WithViewSize(ViewSize), nodes, parameters.Seed);
            var quality = SamplerStream.Measure(
                engine, ViewSize, variant.Policy, Math.Min(nodes, Watched), variant.Draws, 1, parameters.Seed,
                () => { });
            step();
            return new Row
            {
                { "policy", variant.Policy.ToString() }, { "draws", variant.Draws },
                { "distinctPeers", quality.DistinctPeers }, { "repeatShare", quality.RepeatShare },
                { "fallbackShare", quality.FallbackShare },
            };
        });
        var last = variants.Zip(rows).Where(pair => pair.First.Draws == s_draws[^1])
            .ToDictionary(pair => pair.First.Policy, pair => pair.Second);
        return (rows, judge(last),
            [
                new LineFigure($"{Name}-distinct", $"Distinct peers among those drawn, one draw a cycle: blind, "
                    + $"c = {ViewSize}, N = {nodes:N0}",
                    "draws", "distinct peers (mean over 100 nodes)",
                    [.. CurvesOf(rows, "policy", "draws", "distinctPeers")
                        .Select(curve => curve with { Label = PolicyText.Of(curve.Label) })])
                {
                    References = [new Reference("200 uniform draws from all nodes",
                        nodes * (1 - Math.Pow(1 - (1.0 / nodes), s_draws[^1])))],
                },
            ]);
    }
}
