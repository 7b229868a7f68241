using System.Globalization;
using System.Text;

namespace Hearsay.Lab;

/// <summary>What took how long, for people.</summary>
public static class VerificationText
{
    /// <summary>What a run took, what it was, and the claims that do not hold.</summary>
    public static string Line(VerifiedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var missed = run.Result.Claims.Where(claim => !claim.Holds)
            .Select(claim => $"{Environment.NewLine}            NO: {claim.Id}, expected {claim.Expected}, "
                + $"measured {Claim.Text(claim.Measured)}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{run.ProcessorTime.TotalSeconds,8:0.0} s  {run.Plan.Experiment} {run.Plan.Arguments}").TrimEnd()
            + string.Concat(missed);
    }

    /// <summary>One line per run, the longest first, and the sum.</summary>
    public static string Durations(IReadOnlyList<VerifiedRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var text = new StringBuilder();
        foreach (var run in runs.OrderByDescending(run => run.ProcessorTime))
        {
            text.AppendLine(Line(run));
        }

        return text.Append(CultureInfo.InvariantCulture, $"{runs.Sum(run => run.ProcessorTime.TotalSeconds),8:0.0} s  ")
            .AppendLine("of processor time together, each run on one thread").ToString();
    }
}
