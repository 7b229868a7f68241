using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Lab.Models;
using Hearsay.Protocols;

namespace Hearsay.Lab.Experiments.Sampling.Streams;

/// <summary>
/// What an overlay's randomness is worth to what runs on it: averaging and a rumor (infect for ever), against an ideal
/// uniform sampler.
/// </summary>
internal sealed class MixingExperiment : IExperiment
{
    private const int AveragingCycles = 20;
    private static readonly string[] s_overlays = ["ideal", "swapper", "healer", "blind"];
    private static readonly Propagation[] s_ways = [Propagation.Push, Propagation.Pull, Propagation.PushPull];

    public string Name => "mixing";

    public string Summary => "Averaging and rumors over each overlay against an ideal uniform sampler.";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        CornerPresets.ViewSize, CommonOptions.Nodes(10_000),
        LabOption.Whole("--warmup", "Cycles before anything runs on the overlay.", 0, 1_000_000, 100),
        CommonOptions.Runs(20), LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        CornerPresets.RequireEven(parameters.Whole("--view-size"));
        var rows = LabWork.Map(s_overlays, parameters, progress,
            (overlay, step) => Measure(overlay, parameters, step), parameters.Whole("--runs"));
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = new Row { { "overlays", rows.Length } },
            Results = rows,
            Claims = [.. rows.SelectMany(row => ClaimsOf(row, parameters))],
            Figures = [FigureOf(rows, parameters)],
        };
    }

    private static Row Measure(string overlay, LabParameters parameters, Action step)
    {
        var (nodes, seed) = (parameters.Whole("--nodes"), parameters.Seed);
        using var engine = overlay == "ideal" ? null : EngineFactory.Create(
            CornerPresets.Of(overlay, parameters.Whole("--view-size")), nodes, seed);
        engine?.Run(parameters.Whole("--warmup"));
        var factor = Averaging.Factor(engine, nodes, AveragingCycles, seed);
        var (rounds, most) = (new double[s_ways.Length], 0);
        for (var run = 0; run < parameters.Whole("--runs"); run++)
        {
            for (var way = 0; way < s_ways.Length; way++)
            {
                var taken = RoundsToAll(engine, nodes, s_ways[way], SeededRandom.Mix(seed + (ulong)run));
                rounds[way] += taken / (double)parameters.Whole("--runs");
                most = s_ways[way] == Propagation.PushPull ? Math.Max(most, taken) : most;
            }

            step();
        }

        return new Row
        {
            { "overlay", overlay }, { "averagingFactor", factor }, { "pushRounds", rounds[0] },
            { "pullRounds", rounds[1] }, { "pushPullRounds", rounds[2] }, { "pushPullMostRounds", most },
        };
    }

    /// <summary>A rumor in synchronous rounds; the ideal sampler has no overlay to gossip along.</summary>
    private static int RoundsToAll(ICycleEngine? engine, int nodes, Propagation way, ulong seed)
    {
        const int MostRounds = 1_000;
        var random = new SeededRandom(seed);
        var (knows, known, rounds) = (new bool[nodes], 1, 0);
        knows[random.Below(nodes)] = true;
        for (; known < nodes && rounds < MostRounds; rounds++)
        {
            engine?.Run(1);
            var before = (bool[])knows.Clone();
            for (var node = 0; node < nodes; node++)
            {
                if (PartnerDraw.Next(engine, nodes, node, ref random) is not (>= 0 and var partner))
                {
                    continue;
                }

                var told = before[node] && way != Propagation.Pull ? partner
                    : before[partner] && way != Propagation.Push ? node : -1;
                if (told >= 0 && !knows[told])
                {
                    knows[told] = true;
                    known++;
                }
            }
        }

        return rounds;
    }

    /// <summary>Figures of an independent program, and what theory allows.</summary>
    private static IEnumerable<Claim> ClaimsOf(Row row, LabParameters parameters)
    {
        var overlay = (string)row["overlay"]!;
        if (parameters.Whole("--nodes") != 10_000 || parameters.Whole("--view-size") != 30
            || parameters.Whole("--warmup") < 100 || parameters.Whole("--runs") < 5)
        {
            yield break;
        }

        var (factor, push, pull, both) = overlay switch
        {
            "ideal" => (0.3033, 23.9, 17.4, 11.6),
            "swapper" => (0.303, 24.4, 17.8, 11.7),
            "healer" => (0.326, 25.6, 17.9, 11.8),
            _ => (0.319, 63.6, 18.2, 11.2),
        };
        const string Source = Sources.Tocs;
        yield return Claim.Within($"mixing/{overlay}/averaging", Source, factor,
            row.Number("averagingFactor"), 0.01);

        // Means of 20 runs whose last node is a matter of chance: one round; blind has nodes that hardly anyone knows.
        yield return Claim.Within($"mixing/{overlay}/push", Source, push, row.Number("pushRounds"),
            overlay == "blind" ? 12 : 1.5);
        yield return Claim.Within($"mixing/{overlay}/pull", Source, pull, row.Number("pullRounds"), 1);
        yield return Claim.Within($"mixing/{overlay}/pushpull", Source, both, row.Number("pushPullRounds"), 1);
        yield return Claim.AtMost($"mixing/{overlay}/pushpull-slowest", Sources.Bound, 13,
            row.Number("pushPullMostRounds"));
    }

    private static LineFigure FigureOf(Row[] rows, LabParameters parameters) => new(
        "mixing", $"Rounds until a rumor reaches all: N = {parameters.Whole("--nodes"):N0}, "
        + $"c = {parameters.Whole("--view-size")}, mean of {parameters.Whole("--runs")} runs",
        "overlay",
        "rounds",
        [
            .. new[] { ("push", "pushRounds"), ("pull", "pullRounds"), ("pushpull", "pushPullRounds") }
                .Select(way => new Curve(way.Item1,
                    [.. rows.Select((row, index) => (index + 1.0, row.Number(way.Item2)))])),
        ])
    {
        LogVertical = true, Categories = s_overlays,
        References =
        [
            new Reference("theory: push (log2 N + ln N)",
                Math.Log2(parameters.Whole("--nodes")) + Math.Log(parameters.Whole("--nodes"))),
        ],
    };
}
