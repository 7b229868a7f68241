using CsCheck;
using Hearsay.Protocols.Aggregation.Sketches;

namespace Hearsay.Protocols.Tests;

public class ExtremaKernelTests
{
    private static readonly Gen<double[]> Minima =
        Gen.OneOf(Gen.Double[0.001, 10], Gen.Const(double.PositiveInfinity)).Array[7];

    [Fact]
    public void The_minimum_is_idempotent_commutative_and_associative() => Gen.Select(Minima, Minima, Minima).Sample(
        (a, b, c) =>
        {
            Assert.Equal(a, Merged(a, a));
            Assert.Equal(Merged(a, b), Merged(b, a));
            Assert.Equal(Merged(Merged(a, b), c), Merged(a, Merged(b, c)));
            var before = (double[])a.Clone();
            Assert.Equal(ExtremaKernel.Merge(a.AsSpan(), b), !a.SequenceEqual(before));
        });

    [Theory]
    [InlineData(10, 0.354, 0.08)]
    [InlineData(100, 0.101, 0.012)]
    [InlineData(1000, 0.0317, 0.004)]
    public void The_relative_deviation_is_one_over_the_root_of_K_minus_2(int k, double expected, double tolerance)
    {
        // The minimum of n draws of rate 1 is one draw of rate n: the network need not be there.
        const int Runs = 400;
        const double Nodes = 1_000;
        var estimates = new double[Runs];
        var minima = new double[k];
        for (var run = 0; run < Runs; run++)
        {
            var random = SeededRandom.For(5, (ulong)run, (ulong)k, 1);
            ExtremaKernel.Draw(minima, Nodes, ref random);
            estimates[run] = ExtremaKernel.Estimate(minima) / Nodes;
        }

        var mean = estimates.Average();
        var deviation = Math.Sqrt(estimates.Average(estimate => (estimate - mean) * (estimate - mean)));
        Assert.Equal(expected, ExtremaKernel.RelativeError(k), 0.001);
        Assert.InRange(deviation, expected - tolerance, expected + tolerance);
        Assert.InRange(mean, 1 - (4 * expected / Math.Sqrt(Runs)), 1 + (4 * expected / Math.Sqrt(Runs)));
    }

    [Fact]
    public void The_values_of_all_who_drew_are_summed()
    {
        var all = new double[2_000];
        ExtremaKernel.Clear(all);
        Assert.Equal(0, ExtremaKernel.Estimate(all));
        for (var node = 1; node <= 50; node++)
        {
            var own = new double[all.Length];
            var random = SeededRandom.For(1, (ulong)node, 0, 0);
            ExtremaKernel.Draw(own, node, ref random);
            ExtremaKernel.Merge(all.AsSpan(), own);
        }

        Assert.InRange(ExtremaKernel.Estimate(all), 1_275 * 0.92, 1_275 * 1.08);
    }

    [Fact]
    public void What_nobody_can_have_drawn_is_refused()
    {
        Assert.True(ExtremaKernel.AreValid([1e-300, 5, 7], 1e-300));
        Assert.True(ExtremaKernel.AreValid([double.PositiveInfinity, double.PositiveInfinity], 1e-300));
        // Who drew has drawn all.
        foreach (var bad in new[] { 0, -0.0, -1, 1e-301, double.NaN, double.NegativeInfinity, double.PositiveInfinity })
        {
            Assert.False(ExtremaKernel.AreValid([1, bad, 1], 1e-300));
        }
    }

    private static double[] Merged(double[] one, double[] other)
    {
        var merged = (double[])one.Clone();
        ExtremaKernel.Merge(merged.AsSpan(), other);
        return merged;
    }
}
