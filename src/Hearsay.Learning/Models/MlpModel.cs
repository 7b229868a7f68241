using System.Buffers;
using Hearsay.Learning.Kernels;
using Hearsay.Learning.Models;
using Hearsay.Protocols;

namespace Hearsay.Learning;

/// <summary>
/// A small neural network: one hidden layer with the hyperbolic tangent, and softmax over the classes. All nodes begin
/// with the same parameters, made from a seed, because networks that began differently cannot be averaged.
/// </summary>
public sealed class MlpModel : ILearningModel
{
    private readonly ulong _seed;

    /// <summary>Creates the model.</summary>
    /// <param name="featureCount">The number of features, from 1 to 65,536.</param>
    /// <param name="hiddenCount">The number of hidden units, from 1 to 4,096.</param>
    /// <param name="classCount">The number of classes, from 2 to 4,096.</param>
    /// <param name="seed">Makes the first parameters. The same on all nodes.</param>
    public MlpModel(int featureCount, int hiddenCount, int classCount, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, LearningData.MaximumFeatures);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hiddenCount, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, LearningData.MaximumClasses);
        (FeatureCount, HiddenCount, ClassCount, _seed) = (featureCount, hiddenCount, classCount, seed);
    }

    /// <inheritdoc/>
    public string Kind => $"mlp-{HiddenCount}-{_seed:x}";

    /// <summary>The number of features of a record.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of hidden units.</summary>
    public int HiddenCount { get; }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <inheritdoc/>
    public int ParameterCount => (HiddenCount * (FeatureCount + 1)) + (ClassCount * (HiddenCount + 1));

    /// <inheritdoc/>
    public int BiasCount => HiddenCount + ClassCount;

    /// <inheritdoc/>
    public void Initialise(Span<float> parameters, ref SeededRandom random)
    {
        var shared = new SeededRandom(_seed);
        var width = HiddenCount * FeatureCount;
        var (first, second) = (Math.Sqrt(3.0 / FeatureCount), Math.Sqrt(3.0 / HiddenCount));
        for (var i = 0; i < parameters.Length; i++)
        {
            var range = i < width ? first : i < parameters.Length - BiasCount ? second : 0;
            parameters[i] = (float)(((2 * shared.NextDouble()) - 1) * range);
        }
    }

    /// <inheritdoc/>
    public void Update(Span<float> parameters, LearningData data, ReadOnlySpan<int> batch, float step, float decay)
    {
        ArgumentNullException.ThrowIfNull(data);
        var width = (2 * HiddenCount) + ClassCount;
        var rented = ArrayPool<float>.Shared.Rent(batch.Length * width);
        var length = step / batch.Length;
        for (var i = 0; i < batch.Length; i++)
        {
            Slopes(parameters, data, batch[i], rented.AsSpan(i * width, width), length);
        }

        if (decay > 0)
        {
            Weights.Scale(parameters[..^BiasCount], Math.Max(0, 1 - (step * decay)));
        }

        for (var i = 0; i < batch.Length; i++)
        {
            Apply(parameters, data.Features(batch[i]), rented.AsSpan(i * width, width));
        }

        ArrayPool<float>.Shared.Return(rented);
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
        var rented = ArrayPool<float>.Shared.Rent(HiddenCount + ClassCount);
        var hidden = rented.AsSpan(0, HiddenCount);
        var scores = rented.AsSpan(HiddenCount, ClassCount);
        Forward(parameters, features, hidden, scores);
        var best = 0;
        for (var k = 1; k < scores.Length; k++)
        {
            best = scores[k] > scores[best] ? k : best;
        }

        ArrayPool<float>.Shared.Return(rented);
        return best;
    }

    private void Forward(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> features, Span<float> hidden, Span<float> scores)
    {
        var biases = parameters[^BiasCount..];
        for (var h = 0; h < hidden.Length; h++)
        {
            var weights = parameters.Slice(h * FeatureCount, FeatureCount);
            hidden[h] = FixedExp.Tanh(FixedLanes.Dot(features, weights) + biases[h]);
        }

        for (var k = 0; k < scores.Length; k++)
        {
            var weights = parameters.Slice((HiddenCount * FeatureCount) + (k * HiddenCount), HiddenCount);
            scores[k] = FixedLanes.Dot(hidden, weights) + biases[HiddenCount + k];
        }
    }

    /// <summary>What a record changes: hidden values, then changes of the hidden units, then of the classes.</summary>
    private void Slopes(
        ReadOnlySpan<float> parameters, LearningData data, int row, Span<float> scratch, float length)
    {
        var (hidden, below, above) = Parts(scratch);
        Forward(parameters, data.Features(row), hidden, above);
        FixedExp.SoftMax(above);
        above[(int)data.Target(row)] -= 1;
        Weights.Scale(above, -length);
        below.Clear();
        for (var k = 0; k < above.Length; k++)
        {
            var weights = parameters.Slice((HiddenCount * FeatureCount) + (k * HiddenCount), HiddenCount);
            Weights.Add(below, weights, above[k]);
        }

        for (var h = 0; h < hidden.Length; h++)
        {
            below[h] *= 1 - (hidden[h] * hidden[h]);
        }
    }

    private void Apply(Span<float> parameters, ReadOnlySpan<float> features, Span<float> scratch)
    {
        var (hidden, below, above) = Parts(scratch);
        var biases = parameters[^BiasCount..];
        for (var h = 0; h < below.Length; h++)
        {
            Weights.Add(parameters.Slice(h * FeatureCount, FeatureCount), features, below[h]);
            biases[h] += below[h];
        }

        for (var k = 0; k < above.Length; k++)
        {
            var weights = parameters.Slice((HiddenCount * FeatureCount) + (k * HiddenCount), HiddenCount);
            Weights.Add(weights, hidden, above[k]);
            biases[HiddenCount + k] += above[k];
        }
    }

    private Split Parts(Span<float> scratch) => new(
        scratch[..HiddenCount], scratch[HiddenCount..(2 * HiddenCount)], scratch[(2 * HiddenCount)..]);

    private readonly ref struct Split(Span<float> hidden, Span<float> below, Span<float> above)
    {
        private readonly Span<float> _hidden = hidden;
        private readonly Span<float> _below = below;
        private readonly Span<float> _above = above;

        public void Deconstruct(out Span<float> hidden, out Span<float> below, out Span<float> above)
        {
            hidden = _hidden;
            below = _below;
            above = _above;
        }
    }
}
