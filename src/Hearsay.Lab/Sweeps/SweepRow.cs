namespace Hearsay.Lab.Sweeps;

/// <summary>One run of a sweep as one row: its options, its summary, the last row of its results, its claims.</summary>
internal static class SweepRow
{
    public const string Run = "run";
    public const string Experiment = "experiment";

    /// <summary>The row; its names are the same for all runs of an experiment.</summary>
    public static Row Of(string name, ExperimentResult result)
    {
        var row = new Row { { Run, name }, { Experiment, result.Experiment } };
        Add(row, "", result.Parameters);
        Add(row, "summary.", result.Summary);
        Add(row, "last.", result.Results.Count == 0 ? [] : result.Results[^1]);
        row.Add("claims", result.Claims.Count);
        row.Add("claimsFailed", result.Claims.Count(claim => !claim.Holds));
        return row;
    }

    private static void Add(Row row, string prefix, Row part)
    {
        foreach (var (name, value) in part)
        {
            row.Add(prefix + name, value is string text ? text.ReplaceLineEndings(" ") : value);
        }
    }
}
