using Hearsay.Lab.Models.Learning;
using Hearsay.Learning;

namespace Hearsay.Lab.Experiments.Learning;

/// <summary>The studies L1 to L12, and the one of attackers.</summary>
internal static class LearningStudies
{
    private const int Features = 57;

    /// <summary>100 nodes, logistic regression, twenty fixed neighbours.</summary>
    private static readonly LearningRunOptions s_hundred = new()
    {
        Model = LinearModel.Logistic(Features), Sampler = "static", MetricsEvery = 10,
    };

    /// <summary>One record per node, Pegasos, merge and update.</summary>
    private static readonly LearningRunOptions s_oneRecord = new()
    {
        Model = LinearModel.Pegasos(Features), Nodes = 4140, Placement = "one-record", Sampler = "uniform",
        Learning = new LearningOptions { Mode = MergeMode.MergeUpdate, Lambda = 1e-4, Eta = 1e4, BatchSize = 1 },
    };

    private static readonly LearningOptions s_tokens = new()
    {
        Tokens = TokenPolicy.Randomised, TokenReserve = 10, TokenCapacity = 20, TokenPreload = 20,
    };

    /// <summary>Where parts are compared with whole models, by the bytes of those.</summary>
    private static readonly int[] s_comparedCycles = [20, 50];

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<LearningStudy> All { get; } =
    [
        Central(), OneRecord(), Failures(), Hundred(), Federated(), ByLabel(), Loss(), Tokens(), Parts(),
        new("l10", ManyClasses(), static m => ManyClasses().Select(v => m.BehindFederated(v.Name, 50, 0.03))),
        Limited(), Speed(), LearningAttackStudy.Of(s_hundred),
    ];

    private static LearningStudy Central() => new(
        "l1",
        [
            new("central", s_oneRecord with { Nodes = 2, Placement = "iid", Cycles = 1 }, HasBaselines: true),
        ],
        static m =>
        [
            Claim.Between(m.Id("central"), m.Source, 0.090, 0.120, m["central"].Average(outcome => outcome.Central)),
        ]);

    private static LearningStudy OneRecord() => new(
        "l2",
        [
            new("mu", s_oneRecord), new("rw", With(s_oneRecord with { Cycles = 50 }, MergeMode.RandomWalk)),
        ],
        static m =>
        [
            m.AtMost("mu", 20, 0.13), m.AtMost("mu", 50, 0.115), m.AtMost("mu", 100, 0.11),
            Claim.AtLeast(m.Id("rw-c50"), m.Source, 0.20, m.Error("rw", 50)),
        ]);

    private static LearningStudy Failures() => new(
        "l3",
        [new("mu", s_oneRecord with { Cycles = 200, Loss = 0.5, DelayCycles = (1, 10), Online = 0.9 })],
        static m => [m.AtMost("mu", 50, 0.24), m.AtMost("mu", 100, 0.15), m.AtMost("mu", 200, 0.125)]);

    private static LearningStudy Hundred() => new(
        "l4",
        [new("age", s_hundred, HasBaselines: true)],
        static m =>
        [
            m.AtMost("age", 20, 0.115), m.AtMost("age", 50, 0.105),
            Claim.AtMost(m.Id("age-behind-central-c100"), m.Source, 0.015,
                m["age"].Average(outcome => outcome.ErrorAt(100) - outcome.Central)),
        ]);

    private static LearningStudy Federated() => new(
        "l5",
        [new("age", s_hundred, HasBaselines: true)],
        static m =>
        [
            Claim.Within(m.Id("age-less-federated-c100"), m.Source, 0,
                m["age"].Average(outcome => outcome.ErrorAt(100) - outcome.Federated[100]), 0.01),
        ]);

    private static LearningStudy ByLabel() => new(
        "l6",
        [
            new("label", s_hundred with { Placement = "label" }, HasBaselines: true), new("uniform", s_hundred),
        ],
        static m =>
        [
            m.BehindFederated("label", 50, 0.005),
            Claim.AtMost(m.Id("distance-to-uniform-c100-over-c10"), m.Source, 0.5,
                Math.Abs(m.Differences("label", "uniform", 100).Average())
                / Math.Abs(m.Differences("label", "uniform", 10).Average())),
        ]);

    private static LearningStudy Loss() => new(
        "l7",
        [new("lossy", s_hundred with { Loss = 0.2 }), new("lossless", s_hundred)],
        static m => [m.Behind("lossy", "lossless", 20, 0.015), m.Behind("lossy", "lossless", 50, 0.007)]);

    private static LearningStudy Tokens() => new(
        "l8",
        [
            new("tokens", s_hundred with { Learning = s_tokens }),
            new("proactive", s_hundred),
        ],
        static m =>
        [
            Claim.AtMost(m.Id("messages-per-cycle-after-preload"), m.Source, 1,
                m["tokens"].Max(
                    outcome => (outcome.Last.MessagesPerNode - s_tokens.TokenPreload) / outcome.Last.Cycle)),
            Claim.AtMost(m.Id("burst"), m.Source, 20, m["tokens"].Max(outcome => outcome.LargestBurst)),
            Claim.AtLeast(m.Id("balance"), m.Source, 0, m["tokens"].Min(outcome => outcome.LowestBalance)),
            m.NotWorse("tokens", "proactive", 20),
        ]);

    /// <summary>A message of a part has about 70 bytes, and one of the whole model 240.</summary>
    private static LearningStudy Parts() => new(
        "l9",
        [
            new("parts", With(s_hundred with { Cycles = 200 }, options => options with { Partitions = 4 })),
            new("whole", s_hundred),
        ],
        static m => from cycle in s_comparedCycles
                    let whole = m["whole"][0].Points.First(point => point.Cycle == cycle)
                    let last = m["parts"][0].Points.Last(point => point.BytesPerNode <= whole.BytesPerNode)
                    select Claim.AtMost(
                        m.Id($"parts-behind-whole-at-{whole.BytesPerNode:0}-bytes"), m.Source, 0.005,
                        m.Error("parts", last.Cycle) - m.Error("whole", cycle)));

    private static LearningVariant[] ManyClasses() =>
    [
        new("letter", Softmax(16, 26), "letter", HasBaselines: true),
        new("satellite", Softmax(36, 6), "satellite", HasBaselines: true),
    ];

    private static LearningRunOptions Softmax(int features, int classes) => s_hundred with
    {
        Model = new SoftmaxModel(features, classes), Cycles = 50, MetricsEvery = 25,
        Learning = new LearningOptions { Lambda = 1e-4, Eta = 3, Step = StepRule.SquareRoot },
    };

    /// <summary>Danner (2023) claims that limited merging wins where most nodes are away. It did not here.</summary>
    private static LearningStudy Limited() => new(
        "l11",
        [
            new("limited", With(s_hundred with { Online = 0.2 }, MergeMode.Limited)),
            new("age", s_hundred with { Online = 0.2 }),
        ],
        static m => [m.NotWorse("age", "limited", 100)]);

    private static LearningStudy Speed() => new(
        "l12",
        [new("mu", s_oneRecord with { Cycles = 200, MetricsEvery = 200 })],
        static m =>
        [
            Claim.AtLeast(m.Id("merges"), m.Source, 828_000, m["mu"].Min(outcome => outcome.Merges)),
            Claim.AtMost(m.Id("cpu-seconds"), m.Source, 0.5, m["mu"].Min(outcome => outcome.CpuSeconds)),
        ]);

    private static LearningRunOptions With(LearningRunOptions run, MergeMode mode) =>
        With(run, options => options with { Mode = mode });

    private static LearningRunOptions With(LearningRunOptions run, Func<LearningOptions, LearningOptions> change) =>
        run with { Learning = change(run.Learning) };
}
