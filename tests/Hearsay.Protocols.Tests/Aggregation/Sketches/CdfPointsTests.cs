using Hearsay.Protocols.Aggregation.Sketches;

namespace Hearsay.Protocols.Tests;

public class CdfPointsTests
{
    [Fact]
    public void Refined_points_follow_a_skewed_distribution_better_than_equal_steps()
    {
        var values = Lognormal(20_000);
        var points = new double[40];
        CdfPoints.Spread(values[0], values[^1], points);
        var first = LargestError(values, points);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var next = new double[40];
            CdfPoints.Refine(points, Shares(values, points), values[0], values[^1], next);
            points = next;
        }

        // Equal steps see little of a distribution whose mass is all at one end.
        Assert.True(first > 0.05, $"{first}");
        Assert.InRange(LargestError(values, points), 0, 0.02);
    }

    [Fact]
    public void The_average_of_all_indicators_is_the_share_up_to_each_point()
    {
        double[] points = [1, 2, 3];
        var vector = new double[3];
        CdfPoints.Indicate(2, points, vector);
        Assert.Equal([0, 1, 1], vector);
    }

    [Fact]
    public void A_quantile_is_between_the_extremes_whatever_the_shares_say()
    {
        double[] points = [1, 2, 3];
        foreach (var shares in new double[][] { [0.0, 0, 0], [1.0, 0, 1], [2.0, -1, 5], [0.3, 0.3, 0.3],
            [0.5, 0.4, 1.0] })
        {
            foreach (var quantile in new[] { 0, 0.3, 0.5, 1 })
            {
                Assert.InRange(CdfPoints.Quantile(points, shares, 0, 4, quantile), 0, 4);
            }
        }

        Assert.Equal(1.5, CdfPoints.Quantile(points, [0.2, 0.6, 1], 0, 4, 0.4), 1e-12);
    }

    private static double LargestError(double[] values, double[] points)
    {
        var shares = Shares(values, points);
        var worst = 0.0;
        for (var quantile = 0.01; quantile < 1; quantile += 0.01)
        {
            var value = CdfPoints.Quantile(points, shares, values[0], values[^1], quantile);
            worst = Math.Max(worst,
                Math.Abs((values.Count(known => known <= value) / (double)values.Length) - quantile));
        }

        return worst;
    }

    private static double[] Shares(double[] values, double[] points)
    {
        var (sum, vector) = (new double[points.Length], new double[points.Length]);
        foreach (var value in values)
        {
            CdfPoints.Indicate(value, points, vector);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += vector[i] / values.Length;
            }
        }

        return sum;
    }

    private static double[] Lognormal(int count)
    {
        var random = new SeededRandom(11);
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = Math.Exp(
                2 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        Array.Sort(values);
        return values;
    }
}
