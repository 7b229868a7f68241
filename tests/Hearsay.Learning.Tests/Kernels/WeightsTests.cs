using CsCheck;
using Hearsay.Learning.Kernels;
using SampledWeights = Hearsay.Learning.Kernels.Weights;

namespace Hearsay.Learning.Tests.Kernels;

public sealed class WeightsTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(2e12f)]
    [InlineData(-2e12f)]
    public void One_bad_parameter_is_found_wherever_it_is(float bad)
    {
        for (var length = 1; length < 40; length++)
        {
            for (var place = 0; place < length; place++)
            {
                var weights = new float[length];
                Assert.True(SampledWeights.AreSane(weights));
                weights[place] = bad;
                Assert.False(SampledWeights.AreSane(weights));
            }
        }
    }

    [Fact]
    public void Nothing_at_all_is_sane() => Assert.True(SampledWeights.AreSane([]));

    [Fact]
    public void A_sum_of_products_is_rounded_twice_and_never_fused() =>
        Gen.Select(Gen.Float[-10, 10].Array[37], Gen.Float[-10, 10].Array[37], Gen.Float[-3, 3]).Sample(
            (weights, direction, factor) =>
            {
                var expected = weights.Zip(direction, (weight, way) =>
                {
                    var product = way * factor;
                    return product + weight;
                }).ToArray();
                SampledWeights.Add(weights, direction, factor);
                Assert.Equal(expected, weights);
            });

    [Fact]
    public void A_blend_moves_by_the_share()
    {
        var weights = new float[] { 0, 10, -4 };
        SampledWeights.Blend(weights, [10, 0, -4], 0.25f);
        Assert.Equal([2.5f, 7.5f, -4f], weights);
        SampledWeights.Blend(weights, [1, 2, 3], 1);
        Assert.Equal([1f, 2f, 3f], weights);
    }
}
