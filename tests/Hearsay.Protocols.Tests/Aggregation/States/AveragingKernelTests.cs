using CsCheck;
using Hearsay.Protocols.Aggregation.States;

namespace Hearsay.Protocols.Tests.Aggregation.States;

public sealed class AveragingKernelTests
{
    private static readonly Gen<(double[] Own, double[] Theirs)> Pairs =
        Gen.Int[1, 40].SelectMany(n => Gen.Select(Gen.Double[-1e9, 1e9].Array[n], Gen.Double[-1e9, 1e9].Array[n]));

    [Fact]
    public void Both_sides_end_with_the_average_and_the_sum_stays() => Pairs.Sample(pair =>
    {
        var (own, theirs) = ((double[])pair.Own.Clone(), (double[])pair.Theirs.Clone());
        var difference = new double[own.Length];
        AveragingKernel.Answer(own, theirs, difference);
        AveragingKernel.Apply(theirs, difference);
        for (var i = 0; i < own.Length; i++)
        {
            var average = (pair.Own[i] + pair.Theirs[i]) / 2;
            Assert.Equal(average, own[i], 1e-6);
            Assert.Equal(average, theirs[i], 1e-6);
            Assert.Equal(pair.Own[i] + pair.Theirs[i], own[i] + theirs[i], 1e-6);
        }
    });

    [Fact]
    public void Extremes_and_geometric_means_are_what_they_are_called() => Pairs.Sample(pair =>
    {
        var (low, high) = ((double[])pair.Own.Clone(), (double[])pair.Own.Clone());
        AveragingKernel.Min(low, pair.Theirs);
        AveragingKernel.Max(high, pair.Theirs);
        var own = pair.Own.Select(v => Math.Abs(v) + 1).ToArray();
        var theirs = pair.Theirs.Select(v => Math.Abs(v) + 1).ToArray();
        var expected = own.Zip(theirs, (a, b) => Math.Sqrt(a) * Math.Sqrt(b)).ToArray();
        var ratio = new double[own.Length];
        AveragingKernel.AnswerGeometric(own, theirs, ratio);
        AveragingKernel.ApplyGeometric(theirs, ratio);
        for (var i = 0; i < own.Length; i++)
        {
            Assert.Equal(Math.Min(pair.Own[i], pair.Theirs[i]), low[i]);
            Assert.Equal(Math.Max(pair.Own[i], pair.Theirs[i]), high[i]);
            Assert.Equal(expected[i], own[i], 1e-9 * expected[i]);
            Assert.Equal(expected[i], theirs[i], 1e-9 * expected[i]);
        }
    });

    [Theory]
    [InlineData(new double[] { }, double.NaN)]
    [InlineData(new[] { 7.0 }, 7)]
    [InlineData(new[] { 1.0, 3 }, 2)]
    [InlineData(new[] { 1000.0, 4, -50 }, 4)]
    [InlineData(new[] { 9.0, 1, 2, 3, 4, 5, 1e9 }, 4)]
    public void The_trimmed_mean_drops_a_third_at_either_end(double[] values, double expected) =>
        Assert.Equal(expected, AveragingKernel.TrimmedMean((double[])values.Clone()), 1e-12);

    /// <summary>A third is floor(7/3) = 2: of seven values three are left, not five.</summary>
    [Fact]
    public void The_trimmed_mean_of_seven_is_that_of_the_middle_three() =>
        Assert.Equal(50, AveragingKernel.TrimmedMean([0, 0, 20, 30, 100, 1e6, 1e6]), 1e-12);
}
