using Hearsay.Cli.Up.Display;
using Hearsay.Cli.Up.Network;
using Hearsay.Cli.Up.Results;
using Hearsay.Lab.Models.Learning;
using Hearsay.Learning;

namespace Hearsay.Cli.Up.Phases;

/// <summary>
/// Splits data over the nodes, lets them agree on how to standardise it, and lets them train a model together.
/// </summary>
internal static class LearnPhase
{
    private const int Cycles = 50;
    private const int CyclesBetweenLines = 5;

    /// <summary>An epoch in which nearly all took part comes within so many.</summary>
    private const int PatienceEpochs = 12;

    /// <summary>Messages that come too late change the weights of an epoch a little.</summary>
    private const double LeastShare = 0.98;

    /// <summary>Runs for some cycles of learning.</summary>
    /// <param name="network">The nodes.</param>
    /// <param name="settings">What was asked for.</param>
    /// <param name="display">Where it is shown.</param>
    /// <param name="reached">Told the cycles of learning so far: 0 when the nodes have agreed.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    /// <returns>Null if the nodes did not agree on a standardisation.</returns>
    public static async Task<LearningResult?> RunAsync(
        LocalNetwork network, UpSettings settings, IUpDisplay display, Action<int> reached,
        CancellationToken cancellation)
    {
        var (nodes, all) = (network.Live.ToArray(), settings.Learn!);
        var split = LearningDataSets.RawSplit(
            all, LearningDataSets.TrainRows(settings.LearnFrom!, all), settings.Seed, split: 0);
        var places = LearningPlacement.Place("iid", split.Train, nodes.Length, 1, split.Seed);
        LearningData[] shares = [.. places.Select(rows => split.Train.Subset(rows))];
        display.Line($"{split.Train.RowCount:N0} records of {settings.LearnFrom} are split over {nodes.Length} nodes, "
            + $"{split.Test.RowCount:N0} test. The nodes agree on means and deviations:");
        var agreed = await AgreeAsync(nodes, shares, settings, cancellation).ConfigureAwait(false);
        if (agreed is null)
        {
            return null;
        }

        reached(0);
        try
        {
            var (model, options) = Choose(all);
            options = options with { Period = settings.Sampling.CycleTime };
            var learners = nodes.Select((node, index) =>
                node.Learn(model, agreed[index].Standardisation.Apply(shares[index]), options)).ToArray();
            var tests = agreed.Select(one => one.Standardisation.Apply(split.Test)).ToArray();
            display.Line($"  agreed in epoch {agreed[0].Epoch}; they train a {model.Kind} model together:");
            for (var cycle = CyclesBetweenLines; cycle <= Cycles; cycle += CyclesBetweenLines)
            {
                await UntilAsync(learners, cycle, options.Period, cancellation).ConfigureAwait(false);
                reached(cycle);
                var now = Errors(learners, tests);
                display.Line($"  cycle {cycle,3}: error {now[^1]:P1} (worst node), {now[now.Length / 2]:P1} (median), "
                    + $"{now[0]:P1} (best)");
            }

            var errors = Errors(learners, tests);
            await Task.WhenAll(learners.Select(learner => learner.DisposeAsync().AsTask())).ConfigureAwait(false);
            var standard = agreed[0].Standardisation;
            var run = new LearningRunOptions
            {
                Model = model, Learning = options, Nodes = nodes.Length, Cycles = Cycles, MetricsEvery = Cycles,
                Measured = nodes.Length,
            };
            var simulated = LearningOutcome.Of(
                run, new LearningSplit(standard.Apply(split.Train), tests[0], split.Seed));
            return new LearningResult(
                Cycles, errors.Average(), errors[^1], errors[errors.Length / 2], errors[0], simulated.Last.Error,
                simulated.Central, simulated.Local);
        }
        finally
        {
            Array.ForEach(agreed, static one => one.Dispose());
        }
    }

    /// <summary>On a busy machine nodes leave cycles out: what counts are those that half of them have begun.</summary>
    private static async Task UntilAsync(
        Learner[] learners, int cycle, TimeSpan period, CancellationToken cancellation)
    {
        while (learners.Count(learner => learner.Cycle > cycle) < learners.Length / 2)
        {
            await Task.Delay(period / 4, cancellation).ConfigureAwait(false);
        }
    }

    private static double[] Errors(Learner[] learners, LearningData[] tests) =>
        [.. learners.Select((learner, index) => learner.Latest.Evaluate(tests[index])).Order()];

    private static (ILearningModel Model, LearningOptions Options) Choose(LearningData data) => data.ClassCount == 2
        ? (LinearModel.Logistic(data.FeatureCount), new LearningOptions())
        : (new SoftmaxModel(data.FeatureCount, data.ClassCount),
            new LearningOptions { Lambda = 1e-4, Eta = 3, Step = StepRule.SquareRoot });

    private static async Task<AgreedStandardisation[]?> AgreeAsync(
        GossipNode[] nodes, LearningData[] shares, UpSettings settings, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(PatienceEpochs * settings.Aggregation.EpochTime);
        var agreeing = nodes.Select((node, index) =>
            node.AgreeOnStandardisationAsync(shares[index], "up", LeastShare, late.Token)).ToArray();
        try
        {
            return await Task.WhenAll(agreeing).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            foreach (var one in agreeing.Where(static one => one.IsCompletedSuccessfully))
            {
                (await one.ConfigureAwait(false)).Dispose();
            }

            return null;
        }
    }
}
