namespace Hearsay.Lab.Experiments.Introduction;

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
            asPartners: true, rows =>
            [
                Claim.AtMost("c7/distinct-over-uniform", IntroductionExperiment.Source, 0.95,
                    Distinct(rows, SamplingPolicy.Head, SamplingPolicy.UniformWithReplacement)),
                Claim.AtMost("c7/partners-over-random", IntroductionExperiment.Source, 0.1,
                    Distinct(rows, PeerSelection.Head, PeerSelection.Rand)),
                Claim.AtLeast("c7/same-partner-again", IntroductionExperiment.Source, 0.8,
                    rows[PeerSelection.Head].Number("repeatShare")),
                Claim.AtLeast("c7/contact-clustering-over-chance", IntroductionExperiment.Source, 10,
                    OverChance(rows[PeerSelection.Head])),
            ]),
        // Measured, for samples it is the other way round: an old entry that stays the oldest is handed out again and
        // again. As the choice of partners it is true: the exchange itself makes the oldest entry young.
        new PolicyDiversity("c8", "Tail sampling promotes diversity.",
            asPartners: true, rows =>
            [
                Claim.AtMost("c8/tail-distinct-over-uniform", IntroductionExperiment.AgainstIt, 1,
                    Distinct(rows, SamplingPolicy.Tail, SamplingPolicy.UniformWithReplacement)),
                Claim.AtLeast("c8/partners-over-random", IntroductionExperiment.Source, 1.02,
                    Distinct(rows, PeerSelection.Tail, PeerSelection.Rand)),
                Claim.AtMost("c8/same-partner-again", IntroductionExperiment.Source, 0.002,
                    rows[PeerSelection.Tail].Number("repeatShare")),
                Claim.AtLeast("c8/contact-clustering-over-random", IntroductionExperiment.AgainstIt, 1,
                    OverChance(rows[PeerSelection.Tail]) / OverChance(rows[PeerSelection.Rand])),
            ]),
        new PolicyDiversity("c9", "Uniform without replacement gives more diversity still.",
            asPartners: false, rows =>
            [
                Claim.AtMost("c9/tail-distinct-over-it", IntroductionExperiment.Source, 1,
                    Distinct(rows, SamplingPolicy.Tail, SamplingPolicy.UniformWithoutReplacement)),
                Claim.AtMost("c9/uniform-distinct-over-it", IntroductionExperiment.Source, 1,
                    Distinct(rows, SamplingPolicy.UniformWithReplacement, SamplingPolicy.UniformWithoutReplacement)),
            ]),
        new C10Bandwidth(),
    ];

    /// <summary>The distinct peers of one way to choose over those of another.</summary>
    private static double Distinct(IReadOnlyDictionary<Enum, Row> rows, Enum one, Enum other) =>
        rows[one].Number("distinctPeers") / rows[other].Number("distinctPeers");

    /// <summary>How much more the graph of contacts clusters than a random one of as many links.</summary>
    private static double OverChance(Row row) => row.Number("contactClustering") / row.Number("clusteringOfChance");
}
