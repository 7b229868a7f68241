using CsCheck;
using Hearsay.Protocols;
using Hearsay.Simulation.Network;

namespace Hearsay.Simulation.Tests.Network;

public sealed class ExactMathTests
{
    [Fact]
    public void The_logarithm_is_that_of_the_base_library_but_for_the_last_bits() =>
        Gen.Double[-300, 300].Sample(
            power =>
            {
                // One bit of a logarithm of 518 is 1.1e-13: what is documented is relative.
                var value = Math.Pow(10, power);
                var slack = 1e-15 * Math.Max(1, Math.Abs(Math.Log(value)));
                Assert.InRange(ExactMath.Log(value) - Math.Log(value), -slack, slack);
            },
            iter: 20_000);

    [Fact]
    public void Near_one_the_logarithm_loses_no_digits() =>
        Gen.Double[0, 1].Sample(
            share => Assert.InRange(
                ExactMath.Log(1 - (share / 4)) - Math.Log(1 - (share / 4)), -2e-16, 2e-16),
            iter: 20_000);

    [Fact]
    public void The_exponential_is_that_of_the_base_library_but_for_the_last_bits() =>
        Gen.Double[-600, 600].Sample(
            value => Assert.InRange(ExactMath.Exp(value) / Math.Exp(value), 1 - 3e-13, 1 + 3e-13), iter: 20_000);

    /// <summary>
    /// The bits themselves are recorded: another platform whose arithmetic rounds differently fails here first.
    /// </summary>
    [Fact]
    public void Many_results_together_have_the_bits_on_record()
    {
        var random = new SeededRandom(7);
        var hash = 0UL;
        for (var i = 0; i < 10_000; i++)
        {
            var log = ExactMath.Log(1 - random.NextDouble());
            hash = SeededRandom.Mix(hash ^ BitConverter.DoubleToUInt64Bits(log));
            hash = SeededRandom.Mix(hash ^ BitConverter.DoubleToUInt64Bits(ExactMath.Exp(log)));
        }

        Assert.Equal("bab6bef9b2491684", hash.ToString("x16", null));
    }
}
