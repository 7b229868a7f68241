using Hearsay.Lab.Experiments.Aggregation;
using Hearsay.Lab.Experiments.AntiEntropy;
using Hearsay.Lab.Experiments.Broadcast;
using Hearsay.Lab.Experiments.Introduction;
using Hearsay.Lab.Experiments.Learning;
using Hearsay.Lab.Experiments.Neighbours;
using Hearsay.Lab.Experiments.Rumors;
using Hearsay.Lab.Experiments.Sampling.Healing;
using Hearsay.Lab.Experiments.Sampling.Overlay;
using Hearsay.Lab.Experiments.Sampling.Streams;

namespace Hearsay.Lab;

/// <summary>All experiments there are.</summary>
public static class ExperimentRegistry
{
    /// <summary>In the order in which a newcomer meets them.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new OverlayExperiment(),
        new HealExperiment(),
        new ConvergenceExperiment(),
        new PartitionExperiment(),
        new GrowingExperiment(),
        new TriangleExperiment(),
        new ChurnExperiment(),
        new CyclonExperiment(),
        new NewscastExperiment(),
        new TimeoutsExperiment(),
        new InDegreeExperiment(),
        new SamplingExperiment(),
        new AveragingExperiment(),
        new AveragingFaultsExperiment(),
        new AveragingSamplersExperiment(),
        new BatteryExperiment(),
        new MixingExperiment(),
        new CrossCheckExperiment(),
        new RumorExperiment(),
        new NeighboursExperiment(),
        new BroadcastExperiment(),
        new BroadcastCrashExperiment(),
        new BroadcastModesExperiment(),
        new CountExperiment(),
        new SketchExperiment(),
        new QuantileExperiment(),
        new FlowUpdatingExperiment(),
        new ReconcileExperiment(),
        new SchedulesExperiment(),
        new ReplicateExperiment(),
        new LearningExperiment(),
        new LearningClaimsExperiment(),
        .. ClaimExperiments.All,
    ];

    /// <summary>The experiment of a name.</summary>
    /// <exception cref="LabUsageException">There is none.</exception>
    public static IExperiment Find(string name) => All.FirstOrDefault(experiment => experiment.Name == name)
        ?? throw new LabUsageException($"There is no experiment '{name}'; 'hearsay lab list' names them.");
}
