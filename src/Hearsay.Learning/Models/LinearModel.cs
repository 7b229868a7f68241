using System.Buffers;
using Hearsay.Learning.Kernels;
using Hearsay.Learning.Models;

namespace Hearsay.Learning;

/// <summary>
/// Linear models: a weight per feature and a bias. They tell two classes apart (Pegasos, Adaline, logistic regression)
/// or predict a number.
/// </summary>
/// <remarks>
/// The bias is the weight of a feature that is always 1, so it decays like the others. Sources: Shalev-Shwartz, Singer,
/// Srebro, "Pegasos", ICML 2007; Ormándi, Hegedűs, Jelasity, "Gossip learning with linear models on fully distributed
/// data", 2013.
/// </remarks>
public sealed class LinearModel : ILearningModel
{
    private readonly LinearLoss _loss;

    private LinearModel(string kind, int featureCount, LinearLoss loss)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(featureCount, LearningData.MaximumFeatures);
        (Kind, FeatureCount, _loss) = (kind, featureCount, loss);
    }

    /// <inheritdoc/>
    public string Kind { get; }

    /// <summary>The number of features of a record.</summary>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public int ParameterCount => FeatureCount + 1;

    /// <inheritdoc/>
    public int BiasCount => 1;

    /// <summary>
    /// A support vector machine trained by Pegasos. Use it with <see cref="StepRule.Inverse"/>,
    /// <see cref="LearningOptions.Eta"/> = 1 / <see cref="LearningOptions.Lambda"/>, and mini-batches of 1.
    /// </summary>
    /// <param name="featureCount">The number of features, from 1 to 65,536.</param>
    public static LinearModel Pegasos(int featureCount) => new("pegasos", featureCount, LinearLoss.Hinge);

    /// <summary>Adaline: least squares to the classes -1 and 1. Use it with a small constant step.</summary>
    /// <param name="featureCount">The number of features, from 1 to 65,536.</param>
    public static LinearModel Adaline(int featureCount) => new("adaline", featureCount, LinearLoss.SquaredClass);

    /// <summary>Logistic regression of two classes.</summary>
    /// <param name="featureCount">The number of features, from 1 to 65,536.</param>
    public static LinearModel Logistic(int featureCount) => new("logistic", featureCount, LinearLoss.Logistic);

    /// <summary>Linear regression: predicts a number by least squares.</summary>
    /// <param name="featureCount">The number of features, from 1 to 65,536.</param>
    public static LinearModel Regression(int featureCount) => new("regression", featureCount, LinearLoss.Squared);

    /// <inheritdoc/>
    public void Update(Span<float> parameters, LearningData data, ReadOnlySpan<int> batch, float step, float decay)
    {
        ArgumentNullException.ThrowIfNull(data);
        var rented = batch.Length > 256 ? ArrayPool<float>.Shared.Rent(batch.Length) : null;
        Span<float> factors = rented ?? stackalloc float[256];
        var length = step / batch.Length;
        for (var i = 0; i < batch.Length; i++)
        {
            factors[i] = length * Pull(Score(parameters, data.Features(batch[i])), data.Target(batch[i]));
        }

        if (decay > 0)
        {
            Weights.Scale(parameters, Math.Max(0, 1 - (step * decay)));
        }

        for (var i = 0; i < batch.Length; i++)
        {
            if (factors[i] != 0)
            {
                Weights.Add(parameters[..^1], data.Features(batch[i]), factors[i]);
                parameters[^1] += factors[i];
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
        var sum = 0.0;
        for (var row = 0; row < data.RowCount; row++)
        {
            var prediction = Predict(parameters, data.Features(row));
            var difference = (double)prediction - data.Target(row);
            sum += _loss == LinearLoss.Squared ? difference * difference : difference != 0 ? 1 : 0;
        }

        return _loss == LinearLoss.Squared ? Math.Sqrt(sum / data.RowCount) : sum / data.RowCount;
    }

    /// <inheritdoc/>
    public float Predict(ReadOnlySpan<float> parameters, ReadOnlySpan<float> features)
    {
        FeatureWidth.ThrowIfOther(features.Length, FeatureCount);
        var score = Score(parameters, features);
        return _loss == LinearLoss.Squared ? score : score > 0 ? 1 : 0;
    }

    private static float Score(ReadOnlySpan<float> parameters, ReadOnlySpan<float> features) =>
        FixedLanes.Dot(features, parameters) + parameters[^1];

    /// <summary>The downward slope of the loss by the score.</summary>
    private float Pull(float score, float target)
    {
        var sign = target > 0.5f ? 1f : -1f;
        return _loss switch
        {
            LinearLoss.Hinge => sign * score < 1 ? sign : 0,
            LinearLoss.Logistic => (target > 0.5f ? 1 : 0) - FixedExp.Sigmoid(score),
            LinearLoss.SquaredClass => sign - score,
            _ => target - score,
        };
    }
}
