using System.Globalization;
using Hearsay.Lab.Contract;
using Hearsay.Lab.Engines;
using Hearsay.Protocols.Aggregation.Tournament;
using Hearsay.Simulation.Aggregation;

namespace Hearsay.Lab.Experiments.Aggregation;

/// <summary>The tournament of <see cref="QuantileExperiment"/>.</summary>
internal static class QuantileTournament
{
    private const string Source = "Haeupler, Mohapatra, Su 2018, simulation at N = 10^5";

    public static List<Row> Run(
        LabParameters parameters, ILabProgress progress, StepMeter meter, double[] values, double[] sorted,
        double[] quantiles) =>
        [.. LabWork.Map(quantiles, parameters, progress, (quantile, step) =>
        {
            var rounds = TournamentKernel.Schedule(quantile, parameters.Number("--error"), values.Length);
            var run = new TournamentRun(values, rounds, parameters.Number("--loss"), parameters.Seed);
            var rows = new List<Row>();
            var pulls = 0;
            while (Step(run, meter))
            {
                pulls += rounds[run.Round - 1].Pulls;
                rows.Add(RowOf(parameters, quantile, run, pulls, sorted));
            }

            step();
            return rows;
        }).SelectMany(rows => rows)];

    private static bool Step(TournamentRun run, StepMeter meter)
    {
        var (start, goesOn) = (ThreadCpu.Seconds, run.Step());
        meter.Note(goesOn ? run.Values.Length : 0, ThreadCpu.Seconds - start);
        return goesOn;
    }

    public static IEnumerable<Claim> ClaimsOf(LabParameters parameters, List<Row> rows)
    {
        if (parameters.Whole("--nodes") < 100_000 || parameters.Number("--error") != 0.01)
        {
            yield break;
        }

        foreach (var last in rows.GroupBy(row => row.Number("quantile")).Select(group => group.Last()))
        {
            var id = "quantile/" + Claim.Text(last.Number("quantile"));
            yield return Claim.AtMost(id + "/rank-error", Source, 0.015, last.Number("largestError"));
            yield return Claim.AtMost(id + "/pulls", Source, 70, last.Number("pulls"));
        }
    }

    public static LineFigure[] FiguresOf(LabParameters parameters, List<Row> rows) =>
    [
        new LineFigure("quantile-tournament", string.Create(CultureInfo.InvariantCulture,
            $"Quantile tournament: N = {parameters.Whole("--nodes"):N0}, error {parameters.Number("--error")}"),
            "pulls of a node so far", "rank error, mean over the nodes",
            [.. rows.GroupBy(row => row.Number("quantile")).Select(group => new Curve(
                string.Create(CultureInfo.InvariantCulture, $"quantile {group.Key}"),
                [.. group.Select(row => (row.Number("pulls"), row.Number("meanError")))]))])
        {
            LogVertical = true, References = [new Reference("wanted error", parameters.Number("--error"))],
        },
    ];

    private static Row RowOf(
        LabParameters parameters, double quantile, TournamentRun run, int pulls, double[] sorted)
    {
        var (largest, sum) = (0.0, 0.0);
        foreach (var value in run.Values)
        {
            var error = QuantileExperiment.RankError(sorted, value, quantile);
            (largest, sum) = (Math.Max(largest, error), sum + error);
        }

        return new Row
        {
            { "quantile", quantile }, { "round", run.Round }, { "pulls", pulls },
            { "pullsSent", (double)run.Pulls / parameters.Whole("--nodes") },
            { "largestError", largest }, { "meanError", sum / run.Values.Length },
        };
    }
}
