using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Lab.Models;
using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Sampling.Streams;

/// <summary>
/// A battery of tests on the long stream of one consumer, and of others beside it, against a good generator. The paper
/// (TOCS 2007, section 3) put the stream of one node through DIEHARD: N = 2^10 + 1, c = 20, one call per cycle. Streams
/// of several nodes are judged each for itself: put one behind the other they would only repeat what all of them see.
/// </summary>
internal sealed class BatteryExperiment : IExperiment
{
    private const ulong GeneratorPurpose = 0x4241_5454;
    private const double Suspicious = 3.5;
    private const int MostDraws = 200_000_000;
    private static readonly string[] s_selections = ["", "-tail"];

    public string Name => "battery";

    public string Summary => "Tests in the spirit of DIEHARD on long sampler streams, against a good generator.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Whole("--view-size", "c: entries of a view, an even number.", 4,
            PeerSamplingOptions.MaximumViewSize, 20),
        LabOption.Whole(
            "--nodes", "N; a draw is a number from 0 to N - 2, of which ten bits are judged.", 2, 10_000_000, 1_025),
        LabOption.Whole("--watched", "Nodes whose streams are judged, each for itself; at most N.", 1, 100_000, 20),
        LabOption.Whole("--draws", "Draws of each of them, one per cycle.", 10, 10_000_000, 30_000),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        CornerPresets.RequireEven(parameters.Whole("--view-size"));
        parameters.Settle("--watched", Math.Min(parameters.Whole("--nodes"), parameters.Whole("--watched")));
        if ((long)parameters.Whole("--watched") * parameters.Whole("--draws") > MostDraws)
        {
            throw new LabUsageException($"--watched times --draws must be at most {MostDraws:N0}.");
        }

        (string Preset, SamplingPolicy? Policy)[] variants =
        [
            ("generator", null),
            .. from selection in s_selections
               from preset in CornerPresets.Names
               select (preset + selection, (SamplingPolicy?)SamplingPolicy.UniformWithoutReplacement),
            ("blind", SamplingPolicy.UniformWithReplacement), ("blind", SamplingPolicy.Head),
        ];
        var rows = LabWork.Map(variants, parameters, progress,
            (variant, step) => Measure(variant.Preset, variant.Policy, parameters, step),
            parameters.Whole("--draws"));
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", variants.Length }, { "tests", StreamBattery.Tests.Count } },
            Results = rows,
            Claims = [.. ClaimsOf(rows, parameters)],
            Figures = [FigureOf(rows, parameters)],
        };
    }

    private static Row Measure(string preset, SamplingPolicy? policy, LabParameters parameters, Action step)
    {
        var (nodes, watched) = (parameters.Whole("--nodes"), parameters.Whole("--watched"));
        var stream = new ushort[watched * parameters.Whole("--draws")];
        if (policy is { } chosen)
        {
            Draw(preset, chosen, watched, parameters, stream, step);
        }
        else
        {
            var random = SeededRandom.For(parameters.Seed, 0, 0, GeneratorPurpose);
            foreach (ref var value in stream.AsSpan())
            {
                value = (ushort)random.Below(1024);
            }
        }

        var draws = parameters.Whole("--draws");
        var scores = Enumerable.Range(0, watched)
            .Select(node => StreamBattery.Scores(stream.AsSpan(node * draws, draws))).ToArray();
        var judged = StreamBattery.Tests.Select((test, index) => (test, index))
            .Where(test => !test.test.Contains("repeats", StringComparison.Ordinal))
            .Select(test => test.index).ToArray();
        var row = new Row
        {
            { "stream", preset }, { "policy", policy?.ToString() ?? "none" },
            {
                "suspicious", scores.Sum(node => judged.Count(test => Math.Abs(node[test]) > Suspicious))
                    / (double)(watched * judged.Length)
            },
        };
        foreach (var (test, index) in StreamBattery.Tests.Select((test, index) => (test, index)))
        {
            row.Add(KeyOf(test), scores.Average(node => node[index]));
        }

        return row;
    }

    private static void Draw(
        string preset, SamplingPolicy policy, int watched, LabParameters parameters, ushort[] stream, Action step)
    {
        var (c, nodes) = (parameters.Whole("--view-size"), parameters.Whole("--nodes"));
        var sampling = ProtocolSetup.Named(preset.Replace("-tail", "", StringComparison.Ordinal)).WithViewSize(c) with
        {
            Selection = preset.EndsWith("-tail", StringComparison.Ordinal) ? PeerSelection.Tail : PeerSelection.Rand,
        };
        using var engine = EngineFactory.Create(sampling, nodes, parameters.Seed);
        var draws = parameters.Whole("--draws");
        SamplerStream.Draw(engine, c, policy, watched, draws, perCycle: 1, parameters.Seed, step,
            (node, draw, peer, _) => stream[(node * draws) + draw] = (ushort)((peer - (peer > node ? 1 : 0)) & 1023));
    }

    private static IEnumerable<Claim> ClaimsOf(Row[] rows, LabParameters parameters)
    {
        if (parameters.Whole("--nodes") != 1_025 || parameters.Whole("--view-size") != 20
            || parameters.Whole("--draws") < 10_000 || parameters.Whole("--watched") < 10)
        {
            yield break;
        }

        const string Paper = "TOCS 2007: practically all of DIEHARD passed";
        foreach (var row in rows)
        {
            var (name, policy) = ((string)row["stream"]!, (string)row["policy"]!);
            if (policy is nameof(SamplingPolicy.UniformWithoutReplacement))
            {
                // A queue gives nobody twice at once, so the two tests of repeats tell it from chance. That a healer's
                // peer comes back within 20 draws more often than by chance (score 12, blind 4, swapper 0) is real.
                yield return Claim.AtMost($"battery/{name}/suspicious", Paper, 0.02, row.Number("suspicious"));
                yield return Claim.AtMost(
                    $"battery/{name}/repeats", Sources.Tocs + ": none, as the queue says",
                    -Suspicious, row.Number("repeats"));
            }
            else if (policy == nameof(SamplingPolicy.Head))
            {
                yield return Claim.AtLeast(
                    $"battery/{name}-head/suspicious", "control: a bad stream", 0.5, row.Number("suspicious"));
            }
            else if (policy == "none")
            {
                yield return Claim.AtMost(
                    "battery/generator/suspicious", "control: a good generator", 0.02, row.Number("suspicious"));
            }
        }
    }

    /// <summary>The name of a test's score in a row: "near repeats" is nearRepeats.</summary>
    private static string KeyOf(string test) => test == "near repeats" ? "nearRepeats" : test.ToLowerInvariant();

    private static LineFigure FigureOf(Row[] rows, LabParameters parameters) => new(
        "battery", $"A battery of tests on streams of {parameters.Whole("--draws"):N0} draws, mean of "
        + $"{parameters.Whole("--watched")} nodes: c = {parameters.Whole("--view-size")}, "
        + $"N = {parameters.Whole("--nodes"):N0}",
        "test",
        "score, without sign",
        [.. rows.Select(row => new Curve(
            (string)row["policy"]! == "none" ? "a good generator"
                : $"{row["stream"]}: {PolicyText.Of((string)row["policy"]!)}",
            [.. StreamBattery.Tests.Select((test, index) => (index + 1.0, Math.Abs(row.Number(KeyOf(test)))))]))])
    {
        LogVertical = true, Categories = StreamBattery.Tests,
        References = [new Reference("suspicious (3.5)", Suspicious)],
    };
}
