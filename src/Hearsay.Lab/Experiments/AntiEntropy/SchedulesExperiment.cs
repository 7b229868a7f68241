using System.Diagnostics;
using Hearsay.Lab.Contract;
using Hearsay.Lab.Models.AntiEntropy;

namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>Whether a replicated map loses or resurrects anything, whatever happens in whatever order.</summary>
internal sealed class SchedulesExperiment : IExperiment
{
    /// <summary>A picture of all stores needs no more schedules of each than this.</summary>
    private const int SchedulesOfPicture = 500;

    private const int MostExhaustiveSteps = 8;
    private const int ChunkSize = 64;

    private static readonly (string Name, StoreKind Kind)[] s_stores =
    [
        ("dots", StoreKind.Dots), ("grace", StoreKind.Grace), ("early-context", StoreKind.EarlyContext),
        ("damaged-row", StoreKind.DamagedRow), ("reused-epoch", StoreKind.ReusedEpoch),
        ("bare-removal", StoreKind.BareRemoval),
    ];

    public string Name => "schedules";

    public string Summary => "Writes, removals, lost messages, crashes, old disks in any order: is anything lost?";

    public IReadOnlyList<LabOption> Options { get; } =
    [
        LabOption.Choice("--store", "dots: the product's replica; the others have a known defect and must fail.",
            "dots", [.. s_stores.Select(store => store.Name)]),
        LabOption.Choice("--exhaustive", "on: every schedule of so many steps; off: random ones.", "off", "on", "off"),
        LabOption.Whole("--schedules", "Random schedules.", 1, 100_000_000, 10_000),
        LabOption.Whole("--replicas", "R: nodes.", 2, ScheduleWorld.MostReplicas, 3),
        LabOption.Whole("--keys", "K: keys.", 2, ScheduleWorld.MostKeys, 2),
        LabOption.Whole("--operations", "O: steps of a schedule. Default 20, or 4 with --exhaustive on.", 1, 60, null),
        LabOption.Seed, CommonOptions.Threads,
    ];

    public ExperimentResult Run(LabParameters parameters, ILabProgress progress)
    {
        var isExhaustive = parameters.Choice("--exhaustive") == "on";
        var operations = parameters.IsGiven("--operations") ? parameters.Whole("--operations") : isExhaustive ? 4 : 20;
        if (isExhaustive && operations > MostExhaustiveSteps)
        {
            throw new LabUsageException(
                $"--operations must be at most {MostExhaustiveSteps} with --exhaustive on, not {operations}.");
        }

        parameters.Settle("--operations", operations);
        if (isExhaustive)
        {
            parameters.Settle("--schedules", null);
        }

        var store = Array.Find(s_stores, store => store.Name == parameters.Choice("--store"));
        var start = Stopwatch.GetTimestamp();
        var tally = isExhaustive
            ? new ExhaustiveSchedules(OptionsOf(store.Kind, parameters), operations, LabWork.Threads(parameters))
                .Run(progress)
            : Random(store.Kind, parameters.Whole("--schedules"), operations, parameters, progress);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Row[] rows =
        [
            .. s_stores.Select(one => RowOf(one.Name, one.Kind == store.Kind && !isExhaustive ? tally : Random(one.Kind,
                isExhaustive ? SchedulesOfPicture : Math.Min(SchedulesOfPicture, parameters.Whole("--schedules")),
                Math.Max(operations, 12), parameters, NoProgress.Instance))),
        ];
        return new ExperimentResult
        {
            Experiment = Name,
            Parameters = parameters.ToRow(),
            Summary = SummaryOf(tally, seconds),
            Results = rows,
            Claims = [.. ClaimsOf(store.Name, tally)],
            Figures = [FigureOf(parameters, rows)],
        };
    }

    private static ScheduleOptions OptionsOf(StoreKind store, LabParameters parameters) =>
        new(store, parameters.Whole("--replicas"), parameters.Whole("--keys"));

    private static ScheduleTally Random(
        StoreKind store, int schedules, int operations, LabParameters parameters, ILabProgress progress)
    {
        var options = OptionsOf(store, parameters);
        int[] chunks = [.. Enumerable.Range(0, (schedules + ChunkSize - 1) / ChunkSize)];
        var all = new ScheduleTally();
        foreach (var part in LabWork.Map(chunks, parameters, progress, (chunk, step) =>
        {
            var tally = new ScheduleTally();
            for (var i = chunk * ChunkSize; i < Math.Min(schedules, (chunk + 1) * ChunkSize); i++)
            {
                RandomSchedules.Run(options, operations, parameters.Seed, i, tally);
            }

            step();
            return tally;
        }))
        {
            all.Add(part);
        }

        return all;
    }

    private static Row SummaryOf(ScheduleTally tally, double seconds) => new()
    {
        { "schedules", tally.Schedules }, { "statesJudged", tally.Judged }, { "replays", tally.Replays },
        { "resurrections", tally.Resurrections }, { "lostWrites", tally.LostWrites },
        { "divergent", tally.Divergent }, { "schedulesPerSecond", tally.Schedules / Math.Max(seconds, 1e-6) },
        { "firstFailure", tally.FirstFailure },
    };

    private static Row RowOf(string store, ScheduleTally tally) => new()
    {
        { "store", store }, { "schedules", tally.Schedules }, { "resurrections", tally.Resurrections },
        { "lostWrites", tally.LostWrites }, { "divergent", tally.Divergent },
        { "eventsApplied", tally.Applied }, { "exchanges", tally.Exchanges },
        { "contextDifferences", tally.Differences }, { "firstFailure", tally.FirstFailure },
    };

    private static IEnumerable<Claim> ClaimsOf(string store, ScheduleTally tally)
    {
        if (store == "dots")
        {
            const string Source = "nothing that one replica has may be lost, nothing that it removed may come back";
            yield return Claim.AtMost("schedules/resurrections", Source, 0, tally.Resurrections);
            yield return Claim.AtMost("schedules/lost-writes", Source, 0, tally.LostWrites);
            yield return Claim.AtMost("schedules/divergent", "all end equal, and show on the way what they must", 0,
                tally.Divergent);
        }
        else if (tally.Schedules >= 1_000)
        {
            yield return Claim.AtLeast($"schedules/{store}-fails", "control: the defect must be seen", 1,
                tally.Resurrections + tally.LostWrites + tally.Divergent);
        }
    }

    private static LineFigure FigureOf(LabParameters parameters, Row[] rows) => new(
        "schedules", $"Schedules that go wrong: {parameters.Whole("--replicas")} replicas, "
        + $"{parameters.Whole("--keys")} keys, {Math.Max(12, parameters.Whole("--operations"))} random steps",
        "what keeps the map", "% of schedules",
        [
            .. new[]
            {
                ("something removed came back", "resurrections"), ("something was lost", "lostWrites"),
                ("replicas differed", "divergent"),
            }.Select(failure => new Curve(failure.Item1,
                [.. rows.Select((row, i) => (i + 1.0, 100 * row.Number(failure.Item2) / row.Number("schedules")))])),
        ])
    { Categories = [.. s_stores.Select(store => store.Name)] };
}
