using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Lab.Models.Learning;
using Hearsay.Learning;

namespace Hearsay.Lab.Experiments.Learning;

/// <summary>The options of a run of gossip learning, and what they stand for.</summary>
internal static class LearningOptionSet
{
    private static readonly (string Word, MergeMode Mode)[] s_modes =
    [
        ("age", MergeMode.AgeWeighted), ("plain", MergeMode.Plain), ("limited", MergeMode.Limited),
        ("rw", MergeMode.RandomWalk), ("mu", MergeMode.MergeUpdate), ("um", MergeMode.UpdateMerge),
        ("el", MergeMode.EqualAverage),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<LabOption> All { get; } = [.. Model(), .. Network(), .. Saving(), .. Run()];

    /// <summary>Makes the run that the parameters describe.</summary>
    /// <exception cref="LabUsageException">They do not go together.</exception>
    public static LearningRunOptions Read(LabParameters parameters, LearningData data)
    {
        var model = ModelOf(parameters, data);
        Settle(parameters);
        var learning = LearningOf(parameters);
        if (learning.Errors() is { Count: > 0 } errors)
        {
            throw new LabUsageException(string.Join(" ", errors));
        }

        var nodes = parameters.Whole("--nodes");
        var trainRows = parameters.Whole("--train-rows");
        if (trainRows >= data.RowCount || nodes > trainRows)
        {
            throw new LabUsageException(
                $"{trainRows:N0} of {data.RowCount:N0} records cannot train {nodes:N0} nodes and leave some to test.");
        }

        if (parameters.Number("--attackers") > 0 && (learning.Partitions > 1 || learning.Subsample < 1))
        {
            throw new LabUsageException("--attackers goes with whole models only.");
        }

        if (Math.Round(parameters.Number("--attackers") * nodes) >= nodes)
        {
            throw new LabUsageException(
                $"With --attackers {parameters.Number("--attackers"):0.###} none of {nodes} nodes is honest.");
        }

        if (parameters.Choice("--placement") == "label" && nodes < data.ClassCount)
        {
            throw new LabUsageException(
                $"--placement label gives a node records of one class: {nodes} nodes leave out some of the "
                + $"{data.ClassCount} classes.");
        }

        var (online, stay) = (parameters.Number("--online"), parameters.Whole("--session-cycles"));
        if (stay > 0 && online < 1 && stay * (1 - online) < online)
        {
            throw new LabUsageException(
                $"With {online:0.###} of the nodes online a stay takes at least {online / (1 - online):0.#} cycles.");
        }

        return new LearningRunOptions
        {
            Model = model,
            Learning = learning,
            Nodes = nodes,
            Placement = parameters.Choice("--placement"),
            Alpha = parameters.Number("--alpha"),
            Sampler = parameters.Choice("--sampler"),
            OutDegree = parameters.Whole("--out-degree"),
            Cycles = parameters.Whole("--cycles"),
            Loss = parameters.Number("--loss"),
            DelayCycles = Delay(parameters.Choice("--delay-cycles")),
            Online = online,
            SessionCycles = stay,
            Attackers = parameters.Number("--attackers"),
            Attack = parameters.Choice("--attack"),
            MetricsEvery = parameters.Whole("--metrics-every"),
            CentralSteps = parameters.Whole("--central-steps"),
        };
    }

    private static IEnumerable<LabOption> Model() =>
    [
        LabOption.Text("--data", "spambase, letter, satellite, digits, fashion-mnist (of Debian's package), or a CSV "
            + "file with a column label.",
            "a name or a path", "spambase"),
        LabOption.Choice("--model", "What is trained.", "logistic", "logistic", "pegasos", "adaline", "softmax", "mlp"),
        LabOption.Whole("--hidden", "Hidden units of the mlp.", 1, 4096, 32),
        LabOption.Choice("--mode", "What a node does with a received model.", "age", [.. s_modes.Select(m => m.Word)]),
        LabOption.Number("--limit", "Limited merge: updates by which ages may differ.", 0, 1e9, 1.0),
        LabOption.Number("--lambda", "Regularisation. Default 0.01; pegasos and softmax 1e-4; adaline and mlp 0.",
            0, 1e6, null),
        LabOption.Number("--eta", "Step factor. Default 1/lambda; adaline 0.001, softmax 3, mlp 0.1.", 1e-9, 1e9, null),
        LabOption.Choice("--step", "eta/t, eta/sqrt(t) or eta. Default inverse; adaline constant, softmax, mlp sqrt.",
            null, "inverse", "sqrt", "constant"),
        LabOption.Whole("--batch", "Records of a mini-batch. Default 10; pegasos and adaline 1.", 1, 4096, null),
        LabOption.Whole("--epochs", "Passes over the local data in an update.", 1, 1000, 1),
        LabOption.Choice("--age", "What the age of a model counts.", "steps", "steps", "records"),
    ];

    private static IEnumerable<LabOption> Network() =>
    [
        LabOption.Whole("--nodes", "N. Default 100; with one record each, the records.", 2, 10_000_000, null),
        LabOption.Choice("--placement", "Which node has which records.", "iid", [.. LearningPlacement.Words]),
        LabOption.Number("--alpha", "Concentration of a dirichlet placement.", 0.001, 1000, 0.1),
        LabOption.Choice("--sampler", "Whom nodes send to.", "hearsay", "hearsay", "uniform", "static"),
        LabOption.Whole("--out-degree", "Neighbours of the static sampler.", 1, 10_000, 20),
        CommonOptions.Loss,
        LabOption.Text("--delay-cycles", "Cycles that a message travels, uniform from A to B.", "A or A..B", "0"),
        LabOption.Number("--online", "Share of nodes online in a cycle.", 0.001, 1, 1.0),
        LabOption.Whole("--session-cycles", "Cycles that a node stays online, in the mean; 0: drawn anew in each.",
            0, 1_000_000, 0),
        LabOption.Number("--attackers", "Share of nodes that attack.", 0, 0.9, 0.0),
        LabOption.Choice("--attack", "flip: train on wrong labels; noise: send noise; age: flip and claim an age of "
            + "2^40.", "flip", "flip", "noise", "age"),
        LabOption.Choice("--robust", "Protection against attackers.", "none", "none", "clip", "nearest"),
    ];

    private static IEnumerable<LabOption> Saving() =>
    [
        LabOption.Whole("--partitions", "Parts of the model; a message has one.", 1, 4096, 1),
        LabOption.Number("--subsample", "Share of the parameters in a message.", 0.001, 1, 1.0),
        LabOption.Choice("--bits", "Bits of a parameter.", "32", "32", "16", "8"),
        LabOption.Choice("--tokens", "Token accounts (A = 10, C = 20).", "none", "none", "simple", "generalised",
            "randomised"),
        LabOption.Whole("--fanout", "Peers that mode el sends to in a cycle.", 1, 64, 7),
    ];

    private static IEnumerable<LabOption> Run() =>
    [
        CommonOptions.Cycles(100),
        LabOption.Whole("--splits", "Random splits of the data.", 1, 1000, 5),
        LabOption.Whole("--train-rows", "Records to train with. Default as in the literature, or nine of ten.",
            1, 16_000_000, null),
        LabOption.Whole("--central-steps", "Mini-batches of central training.", 1, 100_000_000, 20_000),
        CommonOptions.MetricsEvery,
        CommonOptions.Threads,
        LabOption.Seed,
    ];

    private static void Settle(LabParameters parameters)
    {
        var model = parameters.Choice("--model");
        void Default(string name, object value)
        {
            if (!parameters.IsGiven(name))
            {
                parameters.Settle(name, value);
            }
        }

        Default("--lambda", model switch { "logistic" => 0.01, "pegasos" or "softmax" => 1e-4, _ => 0.0 });
        var lambda = parameters.Number("--lambda");
        Default("--eta", model switch
        {
            "adaline" => 0.001, "softmax" => 3.0, "mlp" => 0.1, _ => lambda > 0 ? 1 / lambda : 1.0,
        });
        Default("--step", model switch { "adaline" => "constant", "softmax" or "mlp" => "sqrt", _ => "inverse" });
        Default("--batch", model is "pegasos" or "adaline" ? 1 : 10);
        Default("--nodes", parameters.Choice("--placement") == "one-record" ? parameters.Whole("--train-rows") : 100);
    }

    private static LearningOptions LearningOf(LabParameters parameters) => new()
    {
        Mode = s_modes.First(mode => mode.Word == parameters.Choice("--mode")).Mode,
        LimitedAge = parameters.Number("--limit"),
        Lambda = parameters.Number("--lambda"),
        Eta = parameters.Number("--eta"),
        Step = parameters.Choice("--step") switch
        {
            "sqrt" => StepRule.SquareRoot, "constant" => StepRule.Constant, _ => StepRule.Inverse,
        },
        BatchSize = parameters.Whole("--batch"),
        Epochs = parameters.Whole("--epochs"),
        Age = parameters.Choice("--age") == "records" ? AgeUnit.Records : AgeUnit.Steps,
        Partitions = parameters.Whole("--partitions"),
        Subsample = parameters.Number("--subsample"),
        Bits = int.Parse(parameters.Choice("--bits"), CultureInfo.InvariantCulture),
        Tokens = Enum.Parse<TokenPolicy>(parameters.Choice("--tokens"), ignoreCase: true),
        Fanout = parameters.Whole("--fanout"),
        Robust = Enum.Parse<RobustForm>(parameters.Choice("--robust"), ignoreCase: true),
    };

    private static ILearningModel ModelOf(LabParameters parameters, LearningData data)
    {
        var (features, classes) = (data.FeatureCount, data.ClassCount);
        var model = parameters.Choice("--model");
        if (classes != 2 && model is not ("softmax" or "mlp"))
        {
            throw new LabUsageException($"--model {model} tells two classes apart, not {classes}; use softmax or mlp.");
        }

        return model switch
        {
            "pegasos" => LinearModel.Pegasos(features),
            "adaline" => LinearModel.Adaline(features),
            "softmax" => new SoftmaxModel(features, classes),
            "mlp" => new MlpModel(features, parameters.Whole("--hidden"), classes),
            _ => LinearModel.Logistic(features),
        };
    }

    private static (double Least, double Most) Delay(string text)
    {
        var parts = text.Split("..");
        bool Reads(string part, out double value) =>
            double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value is >= 0 and <= 1000;
        return parts.Length <= 2 && Reads(parts[0], out var least) && Reads(parts[^1], out var most) && least <= most
            ? (least, most)
            : throw new LabUsageException($"--delay-cycles must be A or A..B, from 0 to 1,000, not '{text}'.");
    }
}
