using System.Buffers;
using Hearsay.Learning.Kernels;
using Hearsay.Learning.Models;

namespace Hearsay.Learning;

/// <summary>
/// Softmax (multinomial logistic) regression: a weight per class and feature, and a bias per class. It tells any number
/// of classes apart.
/// </summary>
public sealed class SoftmaxModel : ILearningModel
{
    /// <summary>Creates the model.</summary>
    /// <param name="featureCount">The number of features, from 1 to 65,536.</param>
    /// <param name="classCount">The number of classes, from 2 to 4,096.</param>
    public SoftmaxModel(int featureCount, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, LearningData.MaximumFeatures);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, LearningData.MaximumClasses);
        (FeatureCount, ClassCount) = (featureCount, classCount);
    }

    /// <inheritdoc/>
    public string Kind => "softmax";

    /// <summary>The number of features of a record.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <inheritdoc/>
    public int ParameterCount => ClassCount * (FeatureCount + 1);

    /// <inheritdoc/>
    public int BiasCount => ClassCount;

    /// <inheritdoc/>
    public void Update(Span<float> parameters, LearningData data, ReadOnlySpan<int> batch, float step, float decay)
    {
        ArgumentNullException.ThrowIfNull(data);
        var size = batch.Length * ClassCount;
        var rented = size > 512 ? ArrayPool<float>.Shared.Rent(size) : null;
        Span<float> factors = rented ?? stackalloc float[512];
        var length = step / batch.Length;
        for (var i = 0; i < batch.Length; i++)
        {
            var scores = factors.Slice(i * ClassCount, ClassCount);
            Score(parameters, data.Features(batch[i]), scores);
            FixedExp.SoftMax(scores);
            scores[(int)data.Target(batch[i])] -= 1;
            for (var k = 0; k < scores.Length; k++)
            {
                scores[k] *= -length;
            }
        }

        if (decay > 0)
        {
            Weights.Scale(parameters, Math.Max(0, 1 - (step * decay)));
        }

        for (var k = 0; k < ClassCount; k++)
        {
            var weights = parameters.Slice(k * FeatureCount, FeatureCount);
            ref var bias = ref parameters[^(ClassCount - k)];
            for (var i = 0; i < batch.Length; i++)
            {
                var factor = factors[(i * ClassCount) + k];
                Weights.Add(weights, data.Features(batch[i]), factor);
                bias += factor;
            }
        }

        if (rented is not null)
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<float> parameters, LearningData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var wrong = 0;
        for (var row = 0; row < data.RowCount; row++)
        {
            wrong += Predict(parameters, data.Features(row)) == data.Target(row) ? 0 : 1;
        }

        return (double)wrong / data.RowCount;
    }

    /// <inheritdoc/>
    public float Predict(ReadOnlySpan<float> parameters, ReadOnlySpan<float> features)
    {
        FeatureWidth.ThrowIfOther(features.Length, FeatureCount);
        var (best, highest) = (0, float.NegativeInfinity);
        for (var k = 0; k < ClassCount; k++)
        {
            var score = Score(parameters, features, k);
            (best, highest) = score > highest ? (k, score) : (best, highest);
        }

        return best;
    }

    private void Score(ReadOnlySpan<float> parameters, ReadOnlySpan<float> features, Span<float> scores)
    {
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] = Score(parameters, features, k);
        }
    }

    private float Score(ReadOnlySpan<float> parameters, ReadOnlySpan<float> features, int k) =>
        FixedLanes.Dot(features, parameters.Slice(k * FeatureCount, FeatureCount)) + parameters[^(ClassCount - k)];
}
