using System.Globalization;
using System.Text;

namespace Hearsay.Lab;

/// <summary>What took how long, for people.</summary>
public static class VerificationText
{
    /// <summary>One line per run, the longest first, and the sum.</summary>
    public static string Durations(IReadOnlyList<VerifiedRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var text = new StringBuilder();
        foreach (var run in runs.OrderByDescending(run => run.Duration))
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{run.Duration.TotalSeconds,8:0.0} s  {run.Plan.Experiment} {run.Plan.Arguments}").TrimEnd());
        }

        return text.AppendLine(CultureInfo.InvariantCulture,
            $"{runs.Sum(run => run.Duration.TotalSeconds),8:0.0} s  together, each run on one thread").ToString();
    }
}
