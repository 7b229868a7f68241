using Hearsay.Lab.Contract;
using Hearsay.Lab.Models.Learning;
using Hearsay.Learning;

namespace Hearsay.Lab.Experiments.Learning;

/// <summary>Runs that answer one question each, on the same splits, with their claims.</summary>
internal sealed class LearningClaimsExperiment : IExperiment
{
    /// <summary>A mean over fewer splits may be off by more than the bounds allow for.</summary>
    private const int LeastSplits = 3;

    /// <inheritdoc/>
    public string Name => "learning-claims";

    /// <inheritdoc/>
    public string Summary => "What gossip learning must reach, each study compared on the same splits of the data";

    /// <inheritdoc/>
    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice("--study", "l1: central; l2, l3: one record per node; l4, l5: 100 nodes; l6: one class per "
            + "node; l7: loss; l8: tokens; l9: parts; l10: letter, satellite; l11: limited merge; l12: speed; and "
            + "attackers.", "l4", [.. LearningStudies.All.Select(static study => study.Id)]),
        LabOption.Whole("--splits", "Random splits of the data; claims need 3.", 1, 1000, 5),
        CommonOptions.Threads,
        LabOption.Seed,
    ];

    /// <inheritdoc/>
    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var study = LearningStudies.All.First(one => one.Id == parameters.Choice("--study"));
        var splits = parameters.Whole("--splits");
        var data = study.Variants.Select(static variant => variant.Data).Distinct()
            .ToDictionary(static name => name, LearningDataSets.Load);
        var parts = (from split in Enumerable.Range(0, splits)
                     from variant in study.Variants
                     select (Split: split, Variant: variant)).ToArray();
        var outcomes = LabWork.Map(
            parts, parameters, progress, (part, step) => Run(part.Variant, data, part.Split, parameters.Seed, step));
        var measure = new LearningMeasure(study.Id, study.Variants.ToDictionary(
            static variant => variant.Name,
            variant => outcomes.Where((_, index) => parts[index].Variant == variant).ToArray()));
        var rows = study.Variants.SelectMany(variant => RowsOf(variant, measure[variant.Name])).ToList();
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = SummaryOf(study, measure, outcomes),
            Results = rows,
            Claims = splits >= LeastSplits ? [.. study.Claims(measure)] : [],
            Figures = [FigureOf(study, measure)],
        };
    }

    private static LearningOutcome Run(
        LearningVariant variant, Dictionary<string, LearningData> data, int split, ulong seed, Action step)
    {
        var all = data[variant.Data];
        var outcome = LearningOutcome.Of(
            variant.Options,
            LearningDataSets.Split(all, LearningDataSets.TrainRows(variant.Data, all), seed, split),
            withBaselines: variant.HasBaselines);
        step();
        return outcome;
    }

    private static IEnumerable<Row> RowsOf(LearningVariant variant, LearningOutcome[] outcomes) =>
        outcomes[0].Points.Select((point, index) => new Row
        {
            { "variant", variant.Name },
            { "cycle", point.Cycle },
            { "error", outcomes.Average(outcome => outcome.Points[index].Error) },
            { "errorInterval", SplitStatistics.HalfInterval([.. outcomes.Select(one => one.Points[index].Error)]) },
            { "messagesPerNode", outcomes.Average(outcome => outcome.Points[index].MessagesPerNode) },
            { "bytesPerNode", outcomes.Average(outcome => outcome.Points[index].BytesPerNode) },
        });

    private static Row SummaryOf(LearningStudy study, LearningMeasure measure, LearningOutcome[] outcomes)
    {
        var row = new Row();
        var first = study.Variants[0];
        row.Add("error", measure[first.Name].Average(static outcome => outcome.Last.Error));
        if (first.HasBaselines)
        {
            row.Add("centralError", measure[first.Name].Average(static outcome => outcome.Central));
            row.Add("federatedError", measure[first.Name].Average(static outcome => outcome.Federated[^1]));
            row.Add("localError", measure[first.Name].Average(static outcome => outcome.Local));
        }

        row.Add("cpuSeconds", outcomes.Sum(static outcome => outcome.CpuSeconds));
        return row;
    }

    private static LineFigure FigureOf(LearningStudy study, LearningMeasure measure) => new(
        "learning-" + study.Id, $"Gossip learning: study {study.Id}", "cycle", "error (share of the test records)",
        [
            .. study.Variants.Where(static variant => variant.IsDrawn).Select(
                variant => new Curve(variant.Name, [.. measure[variant.Name][0].Points.Select(
                    point => ((double)point.Cycle, measure.Error(variant.Name, point.Cycle)))])),
        ])
        {
            MayCover = true,
        };
}
