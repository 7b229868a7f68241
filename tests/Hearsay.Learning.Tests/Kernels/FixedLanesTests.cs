using CsCheck;
using Hearsay.Learning.Kernels;

namespace Hearsay.Learning.Tests.Kernels;

public sealed class FixedLanesTests
{
    private static readonly Gen<(float[] Left, float[] Right)> s_pairs =
        Gen.Int[0, 200].SelectMany(length =>
            Gen.Select(Gen.Float[-10, 10].Array[length], Gen.Float[-10, 10].Array[length]));

    [Fact]
    public void A_product_has_the_order_of_lanes_that_is_written_down() =>
        s_pairs.Sample(pair => Assert.Equal(ByLanes(pair.Left, pair.Right), FixedLanes.Dot(pair.Left, pair.Right)));

    [Fact]
    public void A_distance_is_that_of_plain_sums() => s_pairs.Sample(pair =>
    {
        var plain = pair.Left.Zip(pair.Right, (x, y) => Math.Pow((double)x - y, 2)).Sum();
        Assert.Equal(plain, FixedLanes.SquaredDistance(pair.Left, pair.Right), (1e-4 * plain) + 1e-5);
    });

    [Fact]
    public void Vectors_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FixedLanes.Dot(new float[9], new float[8]));

    /// <summary>The same sum without vectors: four accumulators of eight lanes, then what is left.</summary>
    private static float ByLanes(float[] left, float[] right)
    {
        var lanes = new float[4, 8];
        var i = 0;
        for (; i + 32 <= left.Length; i += 32)
        {
            for (var j = 0; j < 32; j++)
            {
                lanes[j / 8, j % 8] += left[i + j] * right[i + j];
            }
        }

        for (; i + 8 <= left.Length; i += 8)
        {
            for (var j = 0; j < 8; j++)
            {
                lanes[0, j] += left[i + j] * right[i + j];
            }
        }

        var sums = new float[8];
        for (var j = 0; j < 8; j++)
        {
            sums[j] = (lanes[0, j] + lanes[1, j]) + (lanes[2, j] + lanes[3, j]);
        }

        var sum = ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
