namespace Hearsay.Lab.Models.Learning;

/// <summary>Means over splits, with their intervals.</summary>
internal static class SplitStatistics
{
    /// <summary>Student's t, two-sided 95 %, for 1 to 30 degrees of freedom.</summary>
    private static readonly double[] s_student =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
    ];

    /// <summary>Half of the 95 % interval of the mean; 0 for one split.</summary>
    public static double HalfInterval(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2)
        {
            return 0;
        }

        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var freedom = values.Count - 1;
        var student = freedom <= s_student.Length ? s_student[freedom - 1] : 1.96;
        return student * Math.Sqrt(variance / values.Count);
    }
}
