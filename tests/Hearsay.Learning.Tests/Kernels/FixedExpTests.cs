using CsCheck;
using Hearsay.Learning.Kernels;

namespace Hearsay.Learning.Tests.Kernels;

public sealed class FixedExpTests
{
    [Fact]
    public void The_exponential_is_near_that_of_the_base_library() => Gen.Double[-80, 80].Sample(value =>
        Assert.Equal(1, FixedExp.Exp(value) / Math.Exp(value), 2e-8));

    [Theory]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(0, 0.5)]
    public void The_sigmoid_has_its_limits(float value, float expected) =>
        Assert.Equal(expected, FixedExp.Sigmoid(value), 1e-6f);

    [Fact]
    public void The_tangent_is_near_that_of_the_base_library() => Gen.Float[-50, 50].Sample(value =>
        Assert.Equal(Math.Tanh(value), FixedExp.Tanh(value), 1e-6));

    [Fact]
    public void Probabilities_add_up_to_one_and_keep_the_order_of_scores() =>
        Gen.Float[-1e6f, 1e6f].Array[2, 30].Sample(scores =>
        {
            var probabilities = scores.ToArray();
            FixedExp.SoftMax(probabilities);
            Assert.Equal(1, probabilities.Sum(), 1e-4f);
            Assert.Equal(probabilities.Max(), probabilities[Array.IndexOf(scores, scores.Max())]);
        });
}
