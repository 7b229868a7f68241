using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hearsay.Learning.Kernels;

/// <summary>
/// Sums in an order that never changes: eight lanes, four accumulators, no fused multiplication. The result is the same
/// to the last bit on every machine, whatever the width of its vectors, so that one seed gives one run.
/// </summary>
internal static class FixedLanes
{
    private const int Lanes = 8;
    private const int Block = 4 * Lanes;

    /// <summary>The scalar product of two vectors of one length.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ref var x = ref MemoryMarshal.GetReference(left);
        ref var y = ref MemoryMarshal.GetReference(right[..left.Length]);
        var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        nuint i = 0, end = (nuint)left.Length;
        for (; i + Block <= end; i += Block)
        {
            a += Vector256.LoadUnsafe(ref x, i) * Vector256.LoadUnsafe(ref y, i);
            b += Vector256.LoadUnsafe(ref x, i + Lanes) * Vector256.LoadUnsafe(ref y, i + Lanes);
            c += Vector256.LoadUnsafe(ref x, i + (2 * Lanes)) * Vector256.LoadUnsafe(ref y, i + (2 * Lanes));
            d += Vector256.LoadUnsafe(ref x, i + (3 * Lanes)) * Vector256.LoadUnsafe(ref y, i + (3 * Lanes));
        }

        for (; i + Lanes <= end; i += Lanes)
        {
            a += Vector256.LoadUnsafe(ref x, i) * Vector256.LoadUnsafe(ref y, i);
        }

        var sum = Sum((a + b) + (c + d));
        for (; i < end; i++)
        {
            sum += left[(int)i] * right[(int)i];
        }

        return sum;
    }

    /// <summary>The squared Euclidean distance of two vectors of one length.</summary>
    public static float SquaredDistance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ref var x = ref MemoryMarshal.GetReference(left);
        ref var y = ref MemoryMarshal.GetReference(right[..left.Length]);
        var a = Vector256<float>.Zero;
        nuint i = 0, end = (nuint)left.Length;
        for (; i + Lanes <= end; i += Lanes)
        {
            var difference = Vector256.LoadUnsafe(ref x, i) - Vector256.LoadUnsafe(ref y, i);
            a += difference * difference;
        }

        var sum = Sum(a);
        for (; i < end; i++)
        {
            var difference = left[(int)i] - right[(int)i];
            sum += difference * difference;
        }

        return sum;
    }

    private static float Sum(Vector256<float> lanes)
    {
        var half = lanes.GetLower() + lanes.GetUpper();
        return (half.GetElement(0) + half.GetElement(2)) + (half.GetElement(1) + half.GetElement(3));
    }
}
