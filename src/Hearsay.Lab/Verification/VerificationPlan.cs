using Hearsay.Lab.Experiments.Introduction;
using Hearsay.Lab.Experiments.Learning;

namespace Hearsay.Lab;

/// <summary>Which runs check all claims of the lab.</summary>
public static class VerificationPlan
{
    /// <summary>The runs; those of more than two seconds say how long they take on one core.</summary>
    /// <param name="quick">Whether they fit three minutes instead of thirty.</param>
    public static IReadOnlyList<PlannedRun> Of(bool quick) => quick ? s_quick : s_full;

    /// <summary>What is cheap at the size of the known figures.</summary>
    private static readonly PlannedRun[] s_common =
    [
        new("heal", "preset healer cycles 10"),
        new("heal", "healing 1 swap 0 cycles 30"),
        new("heal", "healing 1 swap 14 cycles 30"),
        new("overlay", "view-size 10 healing 5 swap 0 metrics-every 100"),
        new("overlay", "cycles 0"),
        new("overlay", "view-size 20 cycles 0"),
        new("newscast", "", 3),
    ];

    private static readonly PlannedRun[] s_introduction =
    [
        .. ClaimExperiments.All.Select(experiment => new PlannedRun(
            experiment.Name, "", experiment.Name switch { "claim-c1" => 60, "claim-c3" or "claim-c5" => 5, _ => 1 })),
    ];

    /// <summary>Aggregation at the sizes of the literature: most of it is cheap.</summary>
    private static readonly PlannedRun[] s_aggregation =
    [
        new("count", "loss 0.2"),
        new("count", "crash 0.01 replace on epochs 2 leaders 20", 3),
        new("averaging", "nodes 100000 sampler view"),
        new("averaging", "nodes 1000000"),
        new("quantile", ""),
        new("averaging", "loss 0.2 runs 50"),
        new("averaging", "loss 0.2 retry 3 runs 50"),
        new("count", "nodes 100000 leaders 1"),
        new("averaging", "link-failure 0.5"),
        new("flow-updating", ""),
        new("flow-updating", "variant running-sum degree 4"),
    ];

    /// <summary>Anti-entropy: the sketch at the sizes of its known figures, and schedules of every store.</summary>
    private static readonly PlannedRun[] s_antiEntropy =
    [
        new("reconcile", "difference 0"),
        new("reconcile", "difference 1"),
        new("reconcile", ""),
        new("reconcile", "check-bytes 4"),
        new("reconcile", "scheme context"),
        new("reconcile", "scheme merkle"),
        new("schedules", "", 6),
        new("schedules", "exhaustive on operations 3"),
        new("schedules", "store grace schedules 1000"),
        new("schedules", "store early-context schedules 1000"),
        new("schedules", "store damaged-row schedules 1000"),
        new("schedules", "store reused-epoch schedules 1000"),
        new("schedules", "store bare-removal schedules 1000"),
        new("replicate", "nodes 8 writes-per-second 20 seconds 20 partition-seconds 8", 8),
    ];

    /// <summary>Gossip learning: every study, and a free run.</summary>
    private static PlannedRun[] Learning(int splits) =>
    [
        new("learning", "splits 1 cycles 20"),
        .. LearningStudies.All.Where(study => splits >= FullSplits || study.Id is not ("l10" or "l12")).Select(
            study => new PlannedRun(
                "learning-claims", $"study {study.Id} splits {splits}", splits * (study.Id is "l2" or "l3" ? 2 : 1))),
    ];

    private const int FullSplits = 20;

    private static readonly PlannedRun[] s_quick =
    [
        new("claim-c1", "nodes 100000", 8),
        .. s_introduction.Where(run => run.Experiment != "claim-c1"),
        new("crosscheck", "nodes 1000 preset swapper cycles 60", 3),
        new("mixing", "runs 5", 5),
        new("growing", "preset healer propagation push joins-per-cycle 100"),
        new("overlay", "preset healer propagation pull cycles 300 metrics-every 300", 5),
        new("partition", "removals 10"),
        new("convergence", "start lattice preset healer cycles 60"),
        new("convergence", "start lattice preset swapper cycles 60"),
        new("triangle", "step 15"),
        new("triangle", "step 15 selection tail cycles 60"),
        new("growing", "preset swapper propagation pushpull cycles 60"),
        new("cyclon", "nodes 10000 kill 0.5"),
        new("sketch", "loss 0.2"),
        .. s_aggregation,
        .. s_antiEntropy,
        .. Learning(3),
        new("heal", "preset swapper cycles 50"),
        new("heal", "preset blind cycles 50"),
        new("heal", "preset blind propagation push cycles 50"),
        new("broadcast", "nodes 1000 messages 20 warmup 5"),
        new("broadcast", "messages 3 mode hybrid", 25),
        new("broadcast-crash", "nodes 200 messages 3", 4),
        new("broadcast-modes", "nodes 1000 messages 3", 4),
        new("neighbours", "nodes 1000", 5),
        new("rumor", "variant push-feedback-counter"),
        .. s_common,
    ];

    private static readonly PlannedRun[] s_full =
    [
        new("broadcast-crash", "", 390),
        new("broadcast-modes", "", 135),
        new("neighbours", "", 60),
        new("broadcast", "messages 30 loss 0.1", 65),
        new("broadcast", "messages 30 loss 0.1 degree 8", 71),
        new("broadcast", "messages 30 loss 0.01", 63),
        new("broadcast", "messages 10 source-count 10 warmup 4 shared-tree on graft-ms 80", 60),
        new("broadcast", "messages 30 source-count 10 warmup 4", 75),
        new("broadcast", "messages 20", 52),
        new("broadcast", "messages 20 degree 8", 55),
        new("broadcast", "messages 20 mode hybrid", 52),
        new("broadcast", "nodes 1000 churn 0.01 messages 40", 16),
        new("broadcast", "messages 30 source-count 10 warmup 10", 180),
        new("rumor", "variant all", 30),
        new("rumor", "variant blind-fanout"),
        new("rumor", "variant median-counter k 3"),
        new("rumor", "variant push-then-pull"),
        new("rumor", "variant push-feedback-counter"),
        new("rumor", "variant push-blind-coin"),
        new("rumor", "variant pull-feedback-counter"),
        new("battery", "", 60),
        new("sampling", "", 35),
        new("crosscheck", "", 200),
        new("crosscheck", "nodes 2000 latency-ms 5..100", 40),
        .. s_introduction,
        new("averaging-faults", ""),
        new("averaging-samplers", ""),
        new("sketch", "nodes 100000 loss 0.2"),
        new("sketch", "kind extrema nodes 1000 runs 200"),
        new("sketch", "kind bottom-k loss 0.2"),
        new("quantile", "method ddsketch"),
        new("averaging", "nodes 100000 loss 0.2"),
        new("averaging", "link-failure 0.2"),
        new("averaging", "link-failure 0.8"),
        .. s_aggregation,
        .. s_antiEntropy,
        .. Learning(FullSplits),
        new("reconcile", "difference 10 trials 2000", 5),
        new("reconcile", "difference 10000", 4),
        new("schedules", "schedules 1000000", 600),
        new("schedules", "schedules 100000 replicas 4 keys 3 operations 40", 200),
        new("schedules", "exhaustive on operations 4", 15),
        new("replicate", "nodes 64 writes-per-second 40", 60),
        new("convergence", "", 20),
        new("convergence", "selection tail", 20),
        new("indegree", "", 15),
        new("growing", "propagation push runs 4", 30),
        new("growing", "propagation pushpull runs 20 cycles 100", 30),
        new("growing", "preset healer propagation push joins-per-cycle 100 runs 8", 20),
        new("growing", "preset blind propagation push joins-per-cycle 100 runs 6", 14),
        new("growing", "preset swapper propagation push joins-per-cycle 100 runs 6", 14),
        new("growing", "propagation pushpull joins-per-cycle 100 runs 5", 20),
        new("churn", "", 18),
        new("churn", "sessions exponential:100", 18),
        new("churn", "sessions pareto:100", 18),
        new("churn", "engine event latency-ms 5..100 nodes 1000 cycles 100", 10),
        new("cyclon", "", 20),
        new("partition", "removals 100", 13),
        new("mixing", "", 16),
        new("timeouts", "", 30),
        new("triangle", "", 25),
        new("sampling", "draws-per-cycle 10", 5),
        new("triangle", "step 15 selection tail cycles 60"),
        new("heal", "preset swapper cycles 200"),
        new("heal", "preset blind cycles 200"),
        new("heal", "preset blind propagation push cycles 200"),
        new("overlay", "preset blind propagation push cycles 300 metrics-every 300"),
        new("overlay", "preset healer propagation push cycles 300 metrics-every 300"),
        new("overlay", "preset swapper propagation push cycles 300 metrics-every 300"),
        new("overlay", "preset blind propagation push start growing cycles 300 metrics-every 300"),
        new("overlay", "preset healer propagation push start growing cycles 300 metrics-every 300"),
        new("overlay", "preset healer selection head cycles 300 metrics-every 300"),
        new("overlay", "preset swapper selection head cycles 100 metrics-every 100"),
        new("overlay", "preset swapper selection head cycles 300 metrics-every 300"),
        new("overlay", "preset healer propagation pull cycles 300 metrics-every 300", 5),
        new("overlay", "preset swapper propagation pull cycles 300 metrics-every 300"),
        new("overlay", "preset healer propagation pull cycles 100 metrics-every 100"),
        new("overlay", "preset swapper propagation pull cycles 100 metrics-every 100"),
        new("overlay", "preset swapper propagation push start growing cycles 300 metrics-every 300"),
        new("cyclon", "nodes 10000 kill 0.5"),
        .. s_common,
    ];
}
