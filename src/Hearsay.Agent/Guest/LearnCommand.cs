using System.CommandLine;
using System.Globalization;
using Hearsay.Agent.Shell;
using Hearsay.Learning;

namespace Hearsay.Agent.Guest;

/// <summary><c>hearsay learn</c>: trains a model together with all nodes that do the same.</summary>
internal sealed class LearnCommand
{
    private readonly GuestOptions _guest = new(asksAgents: false);

    private readonly Option<string> _data = new("--data")
    {
        Description = "A CSV file with a header line and one record per line, all numbers.", HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _label = new("--label")
    {
        Description = "The column with the class, a whole number from 0. Default: the last one.", HelpName = "COLUMN",
    };

    private readonly Option<int?> _classes = CheckedOption.Integer(
        "--classes", "The number of classes. Default: the largest in the file, plus one.", 2,
        LearningData.MaximumClasses);

    private readonly Option<TimeSpan?> _period = CheckedOption.Create<TimeSpan>(
        "--period", "The time between two models that a node sends. Default 1s.", "from 10ms to 1h",
        (string text, out TimeSpan time) => Duration.TryParse(text, out time)
            && time >= TimeSpan.FromMilliseconds(10) && time <= TimeSpan.FromHours(1));

    private readonly Option<int?> _cycles = CheckedOption.Integer(
        "--cycles", "Ends after so many periods. Default: at Ctrl-C.", 1, 100_000_000);

    private readonly Option<string?> _test = new("--test")
    {
        Description = "A CSV file of the same columns, with which the model is tested. Default: the data itself.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _save = new("--save")
    {
        Description = "Where to save the model at the end. The means and deviations that its data is standardised by "
            + "are saved beside it, as FILE.standardisation.json.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _every = CheckedOption.Integer(
        "--every", "Periods between two lines. Default 10.", 1, 1_000_000);

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var options = new LearnCommand();
        var command = new Command(
            "learn", "Train a model together with all nodes that run this command: logistic regression for two "
            + "classes, softmax for more. The data stays here; the nodes agree on its means and deviations first.");
        options._guest.AddTo(command);
        Option[] all =
        [
            options._data, options._label, options._classes, options._test, options._period, options._cycles,
            options._every, options._save,
        ];
        Array.ForEach(all, command.Options.Add);
        command.SetAction((parsed, _) => options.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        LearningData data, test;
        try
        {
            var (label, classes) = (parsed.GetValue(_label), parsed.GetValue(_classes));
            data = Load("--data", parsed.GetValue(_data)!, label, classes);
            test = parsed.GetValue(_test) is { } file ? Load("--test", file, label, data.ClassCount) : data;
            if (test.FeatureCount != data.FeatureCount)
            {
                throw new InvalidDataException(
                    $"--test has {test.FeatureCount} features, and --data {data.FeatureCount}.");
            }

            if (data.FeatureCount > AgreedStandardisation.MaximumFeatures)
            {
                throw new InvalidDataException($"--data has {data.FeatureCount} features. Nodes agree on the means and "
                    + $"deviations of at most {AgreedStandardisation.MaximumFeatures}.");
            }

            CheckSaves(parsed.GetValue(_save));
        }
        catch (Exception unusable) when (unusable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(unusable.Message).ConfigureAwait(false);
            return ExitCode.UsageError;
        }

        var period = parsed.GetValue(_period) ?? TimeSpan.FromSeconds(1);
        return await GuestRun.RunAsync(
            parsed, _guest,
            given => given with
            {
                Broadcast = null,
                Aggregation = AggregationOptions.Default with
                {
                    MaximumDefinitions = 256, CycleTime = TimeSpan.FromMilliseconds(200),
                },
            },
            (node, cancellation) => LearnAsync(parsed, node, data, test, period, cancellation)).ConfigureAwait(false);
    }

    private static LearningData Load(string option, string file, string? label, int? classes) =>
        string.IsNullOrWhiteSpace(file) ? throw new InvalidDataException($"{option} must name a file.")
            : CsvData.Load(file, label, classCount: classes);

    /// <summary>Finds out before the model is trained whether it can be saved.</summary>
    private static void CheckSaves(string? path)
    {
        if (path is null)
        {
            return;
        }

        if (path.Length == 0 || Directory.Exists(path))
        {
            throw new InvalidDataException($"--save must name a file, not '{path}'.");
        }

        var beside = path + ".new";
        File.WriteAllBytes(beside, []);
        File.Delete(beside);
    }

    private async Task<int> LearnAsync(
        ParseResult parsed, GossipNode node, LearningData data, LearningData test, TimeSpan period,
        CancellationToken cancellation)
    {
        var output = GuestRun.Output(parsed);
        using var agreed = await node.AgreeOnStandardisationAsync(data, cancellationToken: cancellation)
            .ConfigureAwait(false);
        var standard = agreed.Standardisation;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{data.RowCount} records of {data.FeatureCount} features, {standard.ConstantFeatures} of them constant; "
            + $"means and deviations agreed in epoch {agreed.Epoch}")).ConfigureAwait(false);
        var (model, options) = Choose(data);
        await using var learner = node.Learn(
            model, standard.Apply(data), options with { Period = period });
        var standardTest = standard.Apply(test);
        var (every, cycles) = (parsed.GetValue(_every) ?? 10, parsed.GetValue(_cycles) ?? int.MaxValue);
        try
        {
            await foreach (var progress in learner.WatchAsync(cancellation).ConfigureAwait(false))
            {
                if (progress.Cycle % every == 0 || progress.Cycle >= cycles)
                {
                    await output.WriteLineAsync(Line(progress, standardTest, learner)).ConfigureAwait(false);
                    await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                }

                if (progress.Cycle >= cycles)
                {
                    break;
                }
            }
        }
        finally
        {
            if (parsed.GetValue(_save) is { } path)
            {
                learner.Latest.Save(path);
                standard.Save(path + ".standardisation.json");
            }
        }

        return 0;
    }

    private static string Line(LearningProgress progress, LearningData test, Learner learner) => string.Create(
        CultureInfo.InvariantCulture,
        $"cycle {progress.Cycle}: error {progress.Model.Evaluate(test):0.0000}, age {progress.Model.Age}, "
        + $"{progress.Merged} models merged, {learner.Counters.Sent} sent");

    private static (ILearningModel Model, LearningOptions Options) Choose(LearningData data) => data.ClassCount == 2
        ? (LinearModel.Logistic(data.FeatureCount), new LearningOptions())
        : (new SoftmaxModel(data.FeatureCount, data.ClassCount),
            new LearningOptions { Lambda = 1e-4, Eta = 3, Step = StepRule.SquareRoot });
}
