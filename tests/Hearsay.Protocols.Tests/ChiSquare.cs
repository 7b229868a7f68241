namespace Hearsay.Protocols.Tests;

/// <summary>How far counts are from uniform, in standard deviations of the chi-square statistic.</summary>
internal static class ChiSquare
{
    public static double Z(IReadOnlyCollection<int> counts, double expected)
    {
        var statistic = counts.Sum(count => (count - expected) * (count - expected) / expected);
        var freedom = counts.Count - 1;
        return (statistic - freedom) / Math.Sqrt(2 * freedom);
    }
}
