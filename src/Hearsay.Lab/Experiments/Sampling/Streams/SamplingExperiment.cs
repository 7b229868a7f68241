using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Sampling.Streams;

/// <summary>How uniform are the peers that one consumer is given? Every policy, every corner of the triangle.</summary>
internal sealed class SamplingExperiment : IExperiment
{
    /// <summary>The middle of the triangle: H = S = c/4.</summary>
    private const string Middle = "middle";

    private static readonly string[] s_presets =
        ["blind", "healer", "swapper", Middle, "recommended", "newscast", "cyclon"];

    private static readonly string[] s_corners = ["blind", "healer", "swapper", Middle];

    public string Name => "sampling";

    public string Summary => "Quality of the sampler's stream: uniformity, repeats, fallbacks, by policy and preset.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice("--preset", $"Which one; {Middle} has H = S = c/4.", "all", ["all", .. s_presets]),
        LabOption.Whole("--view-size", "c: entries of a view, an even number.", 4,
            PeerSamplingOptions.MaximumViewSize, 20),
        CommonOptions.Nodes(1_025),
        LabOption.Whole("--watched", "Nodes whose streams are judged; at most N.", 1, 100_000, 200),
        LabOption.Whole("--draws", "Draws of each of them.", 10, 10_000_000, 6_000),
        LabOption.Whole("--draws-per-cycle", "Draws in a cycle.", 1, 1_000, 1),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        CornerPresets.RequireEven(parameters.Whole("--view-size"));
        var asked = parameters.Choice("--preset");
        var variants = (from preset in s_presets
                        where asked == "all" || asked == preset
                        from policy in Enum.GetValues<SamplingPolicy>()
                        select (Preset: preset, Policy: policy)).ToArray();
        parameters.Settle("--watched", Math.Min(parameters.Whole("--nodes"), parameters.Whole("--watched")));
        var perCycle = parameters.Whole("--draws-per-cycle");
        var rows = LabWork.Map(
            variants, parameters, progress,
            (variant, step) => Measure(variant.Preset, variant.Policy, parameters, step),
            Math.Max(1, parameters.Whole("--draws") / perCycle));
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "variants", variants.Length } },
            Results = rows,
            Claims = [.. ClaimsOf(rows, parameters)],
            Figures = [FigureOf(rows, parameters)],
        };
    }

    /// <summary>A row about one policy on one preset.</summary>
    public static Row Measure(string preset, SamplingPolicy policy, LabParameters parameters, Action step)
    {
        var (c, nodes) = (parameters.Whole("--view-size"), parameters.Whole("--nodes"));
        var sampling = preset == Middle
            ? new PeerSamplingOptions { ViewSize = c, Healing = c / 4, Swap = c / 4 }
            : ProtocolSetup.Named(preset).WithViewSize(c);
        using var engine = EngineFactory.Create(sampling, nodes, parameters.Seed);
        var quality = SamplerStream.Measure(
            engine, c, policy, parameters.Whole("--watched"), parameters.Whole("--draws"),
            parameters.Whole("--draws-per-cycle"), parameters.Seed, step);
        return new Row
        {
            { "preset", preset }, { "policy", policy.ToString() },
            { "meanScore", quality.MeanScore }, { "shareBeyond3", quality.ShareBeyondThree },
            { "repeatShare", quality.RepeatShare }, { "fallbackShare", quality.FallbackShare },
            { "distinctPeers", quality.DistinctPeers },
        };
    }

    /// <summary>What streams are known to be like.</summary>
    private static IEnumerable<Claim> ClaimsOf(Row[] rows, LabParameters parameters)
    {
        if (parameters.Whole("--nodes") != 1_025 || parameters.Whole("--view-size") != 20
            || parameters.Whole("--draws") != 6_000 || parameters.Whole("--watched") < 100
            || parameters.Whole("--draws-per-cycle") is not (1 or 10))
        {
            yield break;
        }

        if (parameters.Whole("--draws-per-cycle") == 10)
        {
            foreach (var claim in TenfoldControl(rows))
            {
                yield return claim;
            }

            yield break;
        }

        foreach (var row in rows)
        {
            var (preset, score) = ((string)row["preset"]!, row.Number("meanScore"));
            switch ((string)row["policy"]!)
            {
                case nameof(SamplingPolicy.UniformWithoutReplacement):
                    yield return Claim.Within($"sampling/{preset}/mean-score", Sources.Bound, 0, score, 0.5);
                    yield return Claim.AtMost(
                        $"sampling/{preset}/repeats", Sources.Tocs, 0.0002, row.Number("repeatShare"));
                    yield return Claim.AtMost($"sampling/{preset}/share-beyond-3",
                        Sources.Bound + ": two or three of 200 nodes, with the spread of so few", 0.04,
                        row.Number("shareBeyond3"));
                    break;
                case nameof(SamplingPolicy.UniformWithReplacement) when s_corners.Contains(preset):
                    foreach (var claim in WithReplacement(preset, row))
                    {
                        yield return claim;
                    }

                    break;
            }
        }
    }

    /// <summary>
    /// The control of the queue. One node's score is noise (0.4 to 4.3 in the table), so the mean of many is judged.
    /// </summary>
    private static IEnumerable<Claim> WithReplacement(string preset, Row row)
    {
        yield return Claim.AtLeast($"sampling/{preset}/with-replacement-repeats",
            "uniform independent draws: 5.9 in 6,000", 5.9 / 6_000, row.Number("repeatShare"));
        yield return preset is "blind" or "healer"
            ? Claim.AtLeast(
                $"sampling/{preset}/with-replacement-fails", Sources.Bound, 1, row.Number("meanScore"))
            : Claim.AtMost($"sampling/{preset}/with-replacement-share-beyond-3",
                Sources.Tocs + ": one node passes", 0.15, row.Number("shareBeyond3"));
    }

    /// <summary>Who draws ten times as fast as views change is given the same peers again, and is told so.</summary>
    private static IEnumerable<Claim> TenfoldControl(Row[] rows)
    {
        var blind = Array.Find(rows, row => (string)row["preset"]! == "blind"
            && (string)row["policy"]! == nameof(SamplingPolicy.UniformWithoutReplacement));
        if (blind is null)
        {
            yield break;
        }

        yield return Claim.AtLeast(
            "sampling/blind/tenfold-fails", Sources.Tocs + ": all nodes fail", 0.99, blind.Number("shareBeyond3"));
        yield return Claim.Within(
            "sampling/blind/tenfold-fallbacks", Sources.Tocs + ": 15 % of the draws", 0.15,
            blind.Number("fallbackShare"), 0.03);
    }

    private static LineFigure FigureOf(Row[] rows, LabParameters parameters) => new(
        "sampling",
        $"Uniformity of what one consumer is given: c = {parameters.Whole("--view-size")}, "
        + $"N = {parameters.Whole("--nodes"):N0}, {parameters.Whole("--draws"):N0} draws",
        "protocol",
        "χ² of the stream: mean standard score",
        [.. rows.GroupBy(row => (string)row["policy"]!).Select(group => new Curve(
            PolicyText.Of(group.Key),
            [.. group.Select((row, index) => (index + 1.0, Math.Abs(row.Number("meanScore"))))]))])
    {
        LogVertical = true, Categories = [.. rows.Select(row => (string)row["preset"]!).Distinct()],
        References = [new Reference("bound: at most 0.5", 0.5)],
    };
}
