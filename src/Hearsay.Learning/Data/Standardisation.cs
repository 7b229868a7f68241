using System.Text.Json;
using Hearsay.Learning.Data;

namespace Hearsay.Learning;

/// <summary>
/// Brings every feature to mean 0 and deviation 1. All nodes must use the same means and deviations, or their models
/// mean different things and cannot be merged. A constant feature becomes 0 everywhere.
/// </summary>
/// <remarks>Immutable, so safe on any thread.</remarks>
public sealed class Standardisation
{
    private const int LargestFileBytes = 4 * 1024 * 1024;

    private readonly float[] _means;
    private readonly float[] _factors;

    /// <summary>Creates a standardisation from means and variances, for instance those the network agreed on.</summary>
    /// <param name="means">The mean of each feature. Copied.</param>
    /// <param name="variances">
    /// The variance of each feature, 0 or more. Copied. A variance below 1e-12 of the squared mean counts as 0.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The lengths differ or are 0, or a number is not finite, or a variance is negative.
    /// </exception>
    public Standardisation(ReadOnlySpan<double> means, ReadOnlySpan<double> variances)
    {
        if (means.IsEmpty || means.Length != variances.Length)
        {
            throw new ArgumentException($"{means.Length} means do not go with {variances.Length} variances.");
        }

        (_means, _factors) = (new float[means.Length], new float[means.Length]);
        for (var i = 0; i < means.Length; i++)
        {
            if (!double.IsFinite(means[i]) || !double.IsFinite(variances[i]) || variances[i] < 0)
            {
                throw new ArgumentException($"Feature {i} has mean {means[i]} and variance {variances[i]}.");
            }

            _means[i] = (float)means[i];
            var isConstant = variances[i] <= 1e-12 * ((means[i] * means[i]) + 1e-12);
            _factors[i] = isConstant ? 0 : (float)(1 / Math.Sqrt(variances[i]));
            ConstantFeatures += isConstant ? 1 : 0;
        }
    }

    private Standardisation(float[] means, float[] factors)
    {
        (_means, _factors) = (means, factors);
        ConstantFeatures = factors.Count(static factor => factor == 0);
    }

    /// <summary>The number of features.</summary>
    public int FeatureCount => _means.Length;

    /// <summary>The mean of each feature. A copy.</summary>
    public IReadOnlyList<float> Means => [.. _means];

    /// <summary>
    /// The factor of each feature, 1 over its deviation; 0 for a constant feature. A standardised feature is
    /// (feature − mean) × factor. A copy.
    /// </summary>
    public IReadOnlyList<float> Factors => [.. _factors];

    /// <summary>The number of features that have the same value in every record. They carry no information.</summary>
    public int ConstantFeatures { get; }

    /// <summary>Saves the standardisation as JSON, so that a program without a network can use a saved model with
    /// it.</summary>
    /// <param name="path">The file, which is written whole and then moved into its place.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(
            new StandardisationFile(_means, _factors), StandardisationJson.Default.StandardisationFile));
    }

    /// <summary>Loads a standardisation that was saved.</summary>
    /// <param name="path">The file, 4 MiB at most.</param>
    /// <exception cref="InvalidDataException">The file holds no standardisation.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Standardisation Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = File.OpenRead(path);
            var text = new byte[LargestFileBytes + 1];
            var length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            var file = length > LargestFileBytes ? null : JsonSerializer.Deserialize(
                text.AsSpan(0, length), StandardisationJson.Default.StandardisationFile);
            return file is { Means: { Length: > 0 } means, Factors: { } factors } && means.Length == factors.Length
                && means.Length <= LearningData.MaximumFeatures
                && Array.TrueForAll(means, float.IsFinite) && Array.TrueForAll(factors, IsFactor)
                ? new Standardisation(means, factors)
                : throw new InvalidDataException($"{path} holds no standardisation.");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"{path} holds no standardisation: {wrong.Message}", wrong);
        }
    }

    /// <summary>Measures the means and variances of data.</summary>
    /// <param name="data">The data: the training part, never the test part.</param>
    public static Standardisation Of(LearningData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (means, variances) = Moments(data);
        return new Standardisation(means, variances);
    }

    /// <summary>Returns the data with standardised features.</summary>
    /// <param name="data">Data with the same number of features.</param>
    /// <exception cref="ArgumentException">The number of features differs.</exception>
    public LearningData Apply(LearningData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.FeatureCount != FeatureCount)
        {
            throw new ArgumentException(
                $"The data has {data.FeatureCount} features, not {FeatureCount}.", nameof(data));
        }

        var (features, targets) = (new float[data.RowCount * FeatureCount], new float[data.RowCount]);
        for (var row = 0; row < data.RowCount; row++)
        {
            targets[row] = data.Target(row);
            Apply(data.Features(row), features.AsSpan(row * FeatureCount, FeatureCount));
        }

        return new LearningData(features, targets, data.ClassCount);
    }

    /// <summary>Standardises the features of one record.</summary>
    /// <param name="features">The features as they are.</param>
    /// <param name="destination">Receives them standardised; it may be the same memory.</param>
    /// <exception cref="ArgumentException">A length differs from <see cref="FeatureCount"/>.</exception>
    public void Apply(ReadOnlySpan<float> features, Span<float> destination)
    {
        if (features.Length != FeatureCount || destination.Length != FeatureCount)
        {
            throw new ArgumentException($"A record has {FeatureCount} features, not {features.Length}.");
        }

        for (var i = 0; i < features.Length; i++)
        {
            // A record far from all others must not become a number that no model takes.
            var value = (features[i] - _means[i]) * _factors[i];
            destination[i] = Math.Clamp(value, -Kernels.Weights.Largest, Kernels.Weights.Largest);
        }
    }

    private static bool IsFactor(float factor) => float.IsFinite(factor) && factor >= 0;

    /// <summary>Means and variances, each feature in the order of the records.</summary>
    internal static (double[] Means, double[] Variances) Moments(LearningData data)
    {
        var (means, variances) = (new double[data.FeatureCount], new double[data.FeatureCount]);
        for (var row = 0; row < data.RowCount; row++)
        {
            var features = data.Features(row);
            for (var i = 0; i < features.Length; i++)
            {
                means[i] += features[i];
            }
        }

        for (var i = 0; i < means.Length; i++)
        {
            means[i] /= data.RowCount;
        }

        for (var row = 0; row < data.RowCount; row++)
        {
            var features = data.Features(row);
            for (var i = 0; i < features.Length; i++)
            {
                var distance = features[i] - means[i];
                variances[i] += distance * distance / data.RowCount;
            }
        }

        return (means, variances);
    }
}
