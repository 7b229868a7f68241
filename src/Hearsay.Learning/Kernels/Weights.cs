using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hearsay.Learning.Kernels;

/// <summary>Elementwise work on the parameters of models. Nothing here depends on the width of vectors.</summary>
internal static class Weights
{
    /// <summary>No sound model has a larger parameter.</summary>
    public const float Largest = 1e12f;

    /// <summary>Whether all parameters are finite numbers of a sane size.</summary>
    public static bool AreSane(ReadOnlySpan<float> weights)
    {
        ref var first = ref MemoryMarshal.GetReference(weights);
        var largest = Vector256.Create(Largest);
        nuint i = 0, lanes = (nuint)Vector256<float>.Count, end = (nuint)weights.Length;
        for (; i + lanes <= end; i += lanes)
        {
            // A comparison with what is not a number is false.
            if (!Vector256.LessThanOrEqualAll(Vector256.Abs(Vector256.LoadUnsafe(ref first, i)), largest))
            {
                return false;
            }
        }

        for (; i < end; i++)
        {
            if (!(Math.Abs(weights[(int)i]) <= Largest))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>weights += share * (received - weights).</summary>
    public static void Blend(Span<float> weights, ReadOnlySpan<float> received, float share)
    {
        if (share >= 1)
        {
            received.CopyTo(weights);
            return;
        }

        // Two products and one sum: the difference of two near models would lose digits that the products keep.
        TensorPrimitives.Multiply(weights, 1 - share, weights);
        TensorPrimitives.MultiplyAdd(received, share, weights, weights);
    }

    /// <summary>weights += factor * direction.</summary>
    public static void Add(Span<float> weights, ReadOnlySpan<float> direction, float factor) =>
        TensorPrimitives.MultiplyAdd(direction, factor, weights, weights);

    /// <summary>weights *= factor.</summary>
    public static void Scale(Span<float> weights, float factor) =>
        TensorPrimitives.Multiply(weights, factor, weights);
}
