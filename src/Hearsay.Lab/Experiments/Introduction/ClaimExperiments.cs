namespace Hearsay.Lab;

/// <summary>The ten claims of the introduction.</summary>
internal static class ClaimExperiments
{
    /// <summary>C1 to C10.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new C01Scaling(),
        new C02Push(),
        new C03Pull(),
        new C04PushPull(),
        new C05CycleTime(),
        new C06Fanout(),
        new PolicyDiversity("c7", "Head sampling gives little diversity: one talks to those one talked to recently.",
            rows =>
            [
                Less("c7", "distinct-over-uniform", rows, SamplingPolicy.Head,
                    SamplingPolicy.UniformWithReplacement, 0.95),
            ]),
        // Measured, it is the other way round: an old entry that stays the oldest is handed out again and again.
        new PolicyDiversity("c8", "Tail sampling promotes diversity (as a sampling policy).",
            rows =>
            [
                Less("c8", "tail-distinct-over-uniform", rows, SamplingPolicy.Tail,
                    SamplingPolicy.UniformWithReplacement, 1) with { Source = IntroductionExperiment.AgainstIt },
            ]),
        new PolicyDiversity("c9", "Uniform without replacement gives more diversity still.",
            rows =>
            [
                Less("c9", "tail-distinct-over-it", rows, SamplingPolicy.Tail,
                    SamplingPolicy.UniformWithoutReplacement, 1),
                Less("c9", "uniform-distinct-over-it", rows, SamplingPolicy.UniformWithReplacement,
                    SamplingPolicy.UniformWithoutReplacement, 1),
            ]),
        new C10Bandwidth(),
    ];

    /// <summary>The distinct peers of one policy over those of another are at most a bound.</summary>
    private static Claim Less(
        string id, string what, IReadOnlyDictionary<SamplingPolicy, Row> rows, SamplingPolicy fewer,
        SamplingPolicy more, double bound) => Claim.AtMost(
            $"{id}/{what}", IntroductionExperiment.Source, bound,
            rows[fewer].Number("distinctPeers") / rows[more].Number("distinctPeers"));
}
