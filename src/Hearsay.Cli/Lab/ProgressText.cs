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
    /// <param name="elapsed">How long the run takes already.</param>
    /// <param name="since">
    /// How long nothing was reported. A run of few long parts is measured at the end of a part. In between the time
    /// left goes down, and is not told once it is used up.
    /// </param>
    public static string Of(string what, double share, TimeSpan elapsed, TimeSpan since = default)
    {
        if (double.IsNaN(share))
        {
            return $"{what}, {elapsed.TotalSeconds:0} s so far";
        }

        if (share < LeastShare || elapsed < s_leastElapsed)
        {
            return SoFar(what, share, elapsed);
        }

        var left = ((elapsed - since) * ((1 - share) / share)) - since;
        if (left < TimeSpan.Zero && share < 1)
        {
            return SoFar(what, share, elapsed);
        }

        return $"{what}: {100 * share:0} %, about {Math.Max(0, Math.Ceiling(left.TotalSeconds)):0} s left";
    }

    private static string SoFar(string what, double share, TimeSpan elapsed) =>
        $"{what}: {100 * share:0} %, {elapsed.TotalSeconds:0} s so far";
}
