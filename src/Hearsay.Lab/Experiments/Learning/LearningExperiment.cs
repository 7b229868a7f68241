using Hearsay.Lab.Contract;
using Hearsay.Lab.Models.Learning;

namespace Hearsay.Lab.Experiments.Learning;

/// <summary>
/// Gossip learning with any parameters, beside federated averaging, central training and nodes alone.
/// </summary>
internal sealed class LearningExperiment : IExperiment
{
    /// <inheritdoc/>
    public string Name => "learning";

    /// <inheritdoc/>
    public string Summary => "A model that all nodes train by gossip, beside central and federated training";

    /// <inheritdoc/>
    public IReadOnlyList<LabOption> Options => LearningOptionSet.All;

    /// <inheritdoc/>
    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var name = parameters.Choice("--data");
        var data = LearningDataSets.Load(name);
        if (!parameters.IsGiven("--train-rows"))
        {
            parameters.Settle("--train-rows", LearningDataSets.TrainRows(name, data));
        }

        var options = LearningOptionSet.Read(parameters, data);
        var (trainRows, seed) = (parameters.Whole("--train-rows"), parameters.Seed);
        var outcomes = LabWork.Map(
            [.. Enumerable.Range(0, parameters.Whole("--splits"))], parameters, progress,
            (split, step) => LearningOutcome.Of(
                options, LearningDataSets.Split(data, trainRows, seed, split), step),
            options.Cycles);
        var rows = RowsOf(outcomes);
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = SummaryOf(outcomes),
            Results = rows,
            Figures = LearningFigures.Of(parameters, rows, SummaryOf(outcomes), outcomes),
        };
    }

    private static List<Row> RowsOf(LearningOutcome[] outcomes)
    {
        var rows = new List<Row>();
        for (var i = 0; i < outcomes[0].Points.Count; i++)
        {
            var points = outcomes.Select(outcome => outcome.Points[i]).ToList();
            rows.Add(new Row
            {
                { "cycle", points[0].Cycle },
                { "error", points.Average(static point => point.Error) },
                { "errorWorst", points.Average(static point => point.Worst) },
                { "errorBest", points.Average(static point => point.Best) },
                { "messagesPerNode", points.Average(static point => point.MessagesPerNode) },
                { "bytesPerNode", points.Average(static point => point.BytesPerNode) },
                { "federatedError", outcomes.Average(outcome => outcome.Federated[points[0].Cycle]) },
            });
        }

        return rows;
    }

    private static Row SummaryOf(LearningOutcome[] outcomes) => new()
    {
        { "error", outcomes.Average(static outcome => outcome.Last.Error) },
        { "errorInterval", SplitStatistics.HalfInterval([.. outcomes.Select(static outcome => outcome.Last.Error)]) },
        { "centralError", outcomes.Average(static outcome => outcome.Central) },
        { "federatedError", outcomes.Average(static outcome => outcome.Federated[outcome.Last.Cycle]) },
        {
            "federatedErrorEqualBytes",
            outcomes.Average(static outcome => outcome.FederatedAtBytes(outcome.Last.BytesPerNode))
        },
        { "localError", outcomes.Average(static outcome => outcome.Local) },
        { "merges", outcomes.Sum(static outcome => outcome.Merges) },
        { "cpuSeconds", outcomes.Sum(static outcome => outcome.CpuSeconds) },
    };
}
