namespace Hearsay.Protocols.Aggregation.Sketches;

/// <summary>
/// The distribution of all values at some points (Sacha, Napper, Stratan, Pierre, "Adam2", ICDCS 2010): a node's vector
/// is 1 where its value is at most the point, 0 elsewhere; averaged, it is the share of the values up to each point.
/// The next epoch asks at points where this one saw the distribution rise.
/// </summary>
/// <remarks>
/// Points ascend. Between two of them the distribution is taken for straight, so a quantile is as good as the points
/// are dense: refine once or twice. Pure functions on the caller's spans; nothing allocates.
/// </remarks>
internal static class CdfPoints
{
    /// <summary>A node's vector.</summary>
    public static void Indicate(double value, ReadOnlySpan<double> points, Span<double> vector)
    {
        for (var i = 0; i < points.Length; i++)
        {
            vector[i] = value <= points[i] ? 1 : 0;
        }
    }

    /// <summary>Points in equal steps, for the first epoch.</summary>
    public static void Spread(double least, double greatest, Span<double> points)
    {
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = least + ((greatest - least) * (i + 1) / points.Length);
        }
    }

    /// <summary>
    /// The points of the next epoch. Half of them stand where the distribution crosses equal steps, so that steep parts
    /// get many; half where the line through it has equal lengths, so that long flat tails keep some.
    /// </summary>
    /// <param name="points">This epoch's points.</param>
    /// <param name="shares">The averaged vector.</param>
    /// <param name="least">The smallest value anybody has.</param>
    /// <param name="greatest">The greatest.</param>
    /// <param name="next">As many points as wanted, apart from the others.</param>
    public static void Refine(
        ReadOnlySpan<double> points, ReadOnlySpan<double> shares, double least, double greatest, Span<double> next)
    {
        var byShare = next.Length / 2;
        for (var i = 0; i < byShare; i++)
        {
            next[i] = Quantile(points, shares, least, greatest, (i + 1.0) / (byShare + 1));
        }

        Spread(least, greatest, next[byShare..]);
        next.Sort();
    }

    /// <summary>The value of a rank, straight between the points.</summary>
    /// <param name="points">Ascending.</param>
    /// <param name="shares">The averaged vector; where rounding made it fall, the greatest so far counts.</param>
    /// <param name="least">The smallest value anybody has.</param>
    /// <param name="greatest">The greatest.</param>
    /// <param name="quantile">From 0 to 1.</param>
    public static double Quantile(
        ReadOnlySpan<double> points, ReadOnlySpan<double> shares, double least, double greatest, double quantile)
    {
        var (left, below) = (least, 0.0);
        for (var i = 0; i < points.Length; i++)
        {
            var share = Math.Clamp(shares[i], below, 1);
            if (share >= quantile && share > below)
            {
                return left + ((points[i] - left) * (quantile - below) / (share - below));
            }

            (left, below) = (Math.Max(left, points[i]), share);
        }

        return below < 1 ? left + ((greatest - left) * Math.Min(1, (quantile - below) / (1 - below))) : left;
    }
}
