using Hearsay.Protocols;

namespace Hearsay.Lab;

/// <summary>
/// A battery of tests on long streams: what consumers are given, one after the other, against a good generator. The
/// paper (TOCS 2007, section 3) put streams of one node through DIEHARD: N = 2^10 + 1, c = 20, one call per cycle.
/// </summary>
internal sealed class BatteryExperiment : IExperiment
{
    private const ulong GeneratorPurpose = 0x4241_5454;
    private const double Suspicious = 3.5;
    private static readonly string[] s_selections = ["", "-tail"];

    public string Name => "battery";

    public string Summary => "Tests in the spirit of DIEHARD on long sampler streams, against a good generator.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Whole("--view-size", "c: entries of a view, an even number.", 4,
            PeerSamplingOptions.MaximumViewSize, 20),
        LabOption.Whole("--nodes", "N; a draw is a number from 0 to N - 2, of which ten bits are judged.", 2, 10_000_000,
            1_025),
        LabOption.Whole("--watched", "Nodes whose streams are put one behind the other.", 1, 100_000, 350),
        LabOption.Whole("--draws", "Draws of each of them, one per cycle.", 10, 10_000_000, 6_000),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        CornerPresets.RequireEven(parameters.Whole("--view-size"));
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
        var nodes = parameters.Whole("--nodes");
        var watched = Math.Min(nodes, parameters.Whole("--watched"));
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

        var scores = StreamBattery.Scores(stream);
        var row = new Row
        {
            { "stream", preset }, { "policy", policy?.ToString() ?? "none" }, { "draws", stream.Length },
            { "passed", scores.Count(score => Math.Abs(score) <= Suspicious) },
        };
        foreach (var (test, score) in StreamBattery.Tests.Zip(scores))
        {
            row.Add(test, score);
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
            || parameters.Whole("--draws") < 1_000 || parameters.Whole("--watched") < 100)
        {
            yield break;
        }

        const string Paper = "TOCS 2007: practically all of DIEHARD passed";
        foreach (var row in rows)
        {
            var (name, policy) = ((string)row["stream"]!, (string)row["policy"]!);
            if (policy is nameof(SamplingPolicy.UniformWithoutReplacement))
            {
                // A queue gives nobody twice at once: the two tests of repeats tell it from chance, and shall.
                var others = StreamBattery.Tests.Where(test => !test.Contains("repeats", StringComparison.Ordinal));
                yield return Claim.AtLeast($"battery/{name}/passed-besides-repeats", Paper, others.Count() - 1,
                    others.Count(test => Math.Abs(row.Number(test)) <= Suspicious));
                yield return Claim.AtMost($"battery/{name}/repeats", "reference 10.6: none, as the queue says",
                    -Suspicious, row.Number("repeats"));
            }
            else if (policy == nameof(SamplingPolicy.Head))
            {
                yield return Claim.AtMost($"battery/{name}-head/control-fails", "control", 5, row.Number("passed"));
            }
            else if (policy == "none")
            {
                yield return Claim.AtLeast("battery/generator/passed", "control", StreamBattery.Tests.Count,
                    row.Number("passed"));
            }
        }
    }

    private static LineFigure FigureOf(Row[] rows, LabParameters parameters) => new(
        "battery", $"A battery of tests on {rows[0].Number("draws"):N0} draws: c = {parameters.Whole("--view-size")}, "
        + $"N = {parameters.Whole("--nodes"):N0}",
        "test: " + string.Join(", ", StreamBattery.Tests.Select((test, index) => $"{index + 1} {test}")),
        "score, without sign (log scale)",
        [.. rows.Select(row => new Curve($"{row["stream"]}, {row["policy"]}",
            [.. StreamBattery.Tests.Select((test, index) => (index + 1.0, Math.Abs(row.Number(test))))]))])
    {
        LogVertical = true, References = [new Reference("suspicious (3.5)", Suspicious)],
    };
}
