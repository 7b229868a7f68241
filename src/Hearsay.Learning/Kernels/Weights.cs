using System.Numerics.Tensors;

namespace Hearsay.Learning.Kernels;

/// <summary>Elementwise work on the parameters of models. Nothing here depends on the width of vectors.</summary>
internal static class Weights
{
    /// <summary>No sound model has a larger parameter.</summary>
    public const float Largest = 1e12f;

    /// <summary>Whether all parameters are finite numbers of a sane size.</summary>
    public static bool AreSane(ReadOnlySpan<float> weights) =>
        weights.IsEmpty || TensorPrimitives.MaxMagnitude(weights) <= Largest;

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
