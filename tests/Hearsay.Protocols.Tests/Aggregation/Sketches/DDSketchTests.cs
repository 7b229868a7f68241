using CsCheck;
using Hearsay.Protocols.Aggregation.Sketches;

namespace Hearsay.Protocols.Tests;

public class DDSketchTests
{
    private static readonly DDSketch Signed = new(0.01, 2_048, 1e-6, signed: true);

    [Fact]
    public void Every_value_is_within_the_accuracy_of_its_bucket() =>
        Gen.Select(Gen.Double[-5.9, 11], Gen.Bool).Sample((power, negative) =>
        {
            var value = (negative ? -1 : 1) * Math.Pow(10, power);
            var near = Signed.ValueAt(Signed.IndexOf(value));
            return Math.Abs(near - value) <= 0.01 * Math.Abs(value) * (1 + 1e-9);
        });

    [Fact]
    public void A_larger_value_never_has_a_smaller_index() =>
        Gen.Select(Gen.Double, Gen.Double).Sample((a, b) =>
            double.IsNaN(a) || double.IsNaN(b)
            || a <= b == Signed.IndexOf(a) <= Signed.IndexOf(b) || Signed.IndexOf(a) == Signed.IndexOf(b));

    [Fact]
    public void Every_index_is_inside_whatever_the_value()
    {
        foreach (var value in new[] { 0, -0.0, double.Epsilon, double.MaxValue, double.PositiveInfinity })
        {
            Assert.InRange(Signed.IndexOf(value), 0, Signed.Length - 1);
            Assert.InRange(Signed.IndexOf(-value), 0, Signed.Length - 1);
        }

        var positive = new DDSketch(0.01, 100, 1, signed: false);
        Assert.Equal(0, positive.IndexOf(-5));
        Assert.Equal(0, positive.ValueAt(0));
        Assert.Equal(positive.Length - 1, positive.IndexOf(1e9));
        Assert.InRange(positive.IndexOf(positive.Greatest * 0.999), 0, positive.Length - 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Quantiles_of_negative_zero_and_positive_values_are_within_the_accuracy(bool bothSigns)
    {
        var layout = new DDSketch(0.01, 2_048, 1e-6, bothSigns);
        var random = new SeededRandom(3);
        var values = new double[10_000];
        for (var i = 0; i < values.Length; i++)
        {
            var magnitude = Math.Exp(3 * (random.NextDouble() - 0.5) * 4);
            values[i] = i % 10 == 0 ? 0 : bothSigns && i % 3 == 0 ? -magnitude : magnitude;
        }

        var shares = new double[layout.Length];
        Array.ForEach(values, value => shares[layout.IndexOf(value)] += 1.0 / values.Length);
        Array.Sort(values);
        foreach (var quantile in new[] { 0, 0.01, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 1 })
        {
            var truth = values[Math.Clamp((int)Math.Ceiling(quantile * values.Length) - 1, 0, values.Length - 1)];
            Assert.Equal(truth, layout.Quantile(shares, quantile), (0.0100001 * Math.Abs(truth)) + 1e-12);
        }
    }

    [Fact]
    public void A_multiple_of_the_vector_has_the_same_quantiles_and_an_empty_one_none()
    {
        var shares = new double[Signed.Length];
        Assert.True(double.IsNaN(Signed.Quantile(shares, 0.5)));
        (shares[10], shares[2_100], shares[3_000]) = (0.2, 0.5, 0.3);
        var median = Signed.Quantile(shares, 0.5);
        Assert.Equal(median, Signed.Quantile([.. shares.Select(share => 1e4 * share)], 0.5));
        Assert.Equal(Signed.ValueAt(2_100), median);
    }

    [Fact]
    public void Control_merging_twice_instead_of_averaging_moves_the_median()
    {
        var (low, high) = (new double[Signed.Length], new double[Signed.Length]);
        (low[Signed.IndexOf(1)], high[Signed.IndexOf(100)]) = (2, 1);
        var once = low.Zip(high, (a, b) => a + b).ToArray();
        var twice = once.Zip(high, (a, b) => a + (2 * b)).ToArray();
        Assert.NotEqual(Signed.Quantile(once, 0.5), Signed.Quantile(twice, 0.5));
    }

    [Theory]
    [InlineData(0, 10, 1)]
    [InlineData(0.9, 10, 1)]
    [InlineData(0.01, 0, 1)]
    [InlineData(0.01, 9_000, 1)]
    [InlineData(0.01, 10, 0)]
    [InlineData(double.NaN, 10, 1)]
    public void A_layout_that_cannot_be_is_refused(double accuracy, int buckets, double least) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DDSketch(accuracy, buckets, least, signed: true));
}
