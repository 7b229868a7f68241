namespace Hearsay.Cli.Lab;

/// <summary>How far a run is, in words.</summary>
internal static class ProgressText
{
    /// <summary>
    /// What is done before the time left is told. The first parts of a run are no measure of the rest: a run of 200 s
    /// would begin with "about 3565 s left".
    /// </summary>
    private const double LeastShare = 0.05;

    private static readonly TimeSpan s_leastElapsed = TimeSpan.FromSeconds(5);

    /// <summary>One line.</summary>
    /// <param name="what">What runs.</param>
    /// <param name="share">What is done, from 0 to 1; NaN if nobody knows.</param>
    /// <param name="elapsed">How long it took.</param>
    public static string Of(string what, double share, TimeSpan elapsed)
    {
        if (double.IsNaN(share))
        {
            return $"{what}, {elapsed.TotalSeconds:0} s so far";
        }

        if (share < LeastShare || elapsed < s_leastElapsed)
        {
            return $"{what}: {100 * share:0} %, {elapsed.TotalSeconds:0} s so far";
        }

        var left = elapsed * ((1 - share) / share);
        return $"{what}: {100 * share:0} %, about {Math.Ceiling(left.TotalSeconds):0} s left";
    }
}
