using System.Diagnostics;
using Hearsay.Learning.Kernels;

namespace Hearsay.Learning;

/// <summary>
/// Records to learn from: each has a row of features and a target. The data of a node never leaves the node; only
/// models do. See the page on gossip learning.
/// </summary>
/// <remarks>Immutable, so safe on any thread. It keeps the arrays that it is given; do not change them.</remarks>
[DebuggerDisplay("{RowCount} x {FeatureCount}, {ClassCount} classes")]
public sealed class LearningData
{
    /// <summary>The maximum number of features of a record.</summary>
    public const int MaximumFeatures = 65_536;

    /// <summary>The maximum number of classes.</summary>
    public const int MaximumClasses = 4_096;

    private readonly float[] _features;
    private readonly float[] _targets;

    /// <summary>Creates data from numbers.</summary>
    /// <param name="features">The features, record after record. Every number is finite. Kept, not copied.</param>
    /// <param name="targets">The target of each record: its class from 0, or a number. Kept, not copied.</param>
    /// <param name="classCount">The number of classes, at least 2; 0 if the targets are numbers to predict.</param>
    /// <exception cref="ArgumentException">
    /// There is no record or no feature, the lengths do not match, a number is not finite, or a class does not exist.
    /// </exception>
    public LearningData(float[] features, float[] targets, int classCount)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Length == 0 || features.Length == 0 || features.Length % targets.Length != 0)
        {
            throw new ArgumentException(
                $"{features.Length} numbers are not the features of {targets.Length} records.", nameof(features));
        }

        FeatureCount = features.Length / targets.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FeatureCount, MaximumFeatures, nameof(features));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, MaximumClasses);
        if (classCount is < 0 or 1)
        {
            throw new ArgumentOutOfRangeException(nameof(classCount), "There must be at least two classes, or none.");
        }

        if (!Weights.AreSane(features) || !Weights.AreSane(targets))
        {
            throw new ArgumentException("A feature or a target is not a finite number below 1e12.", nameof(features));
        }

        if (classCount > 0 && Array.Exists(targets, target => target < 0 || target >= classCount || target % 1 != 0))
        {
            throw new ArgumentException($"A class is not a whole number from 0 to {classCount - 1}.", nameof(targets));
        }

        (_features, _targets, ClassCount) = (features, targets, classCount);
    }

    /// <summary>The number of records.</summary>
    public int RowCount => _targets.Length;

    /// <summary>The number of features of a record.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of classes, or 0 if the targets are numbers to predict.</summary>
    public int ClassCount { get; }

    /// <summary>Returns the features of a record.</summary>
    /// <param name="row">The record, from 0.</param>
    public ReadOnlySpan<float> Features(int row) => _features.AsSpan(row * FeatureCount, FeatureCount);

    /// <summary>Returns the target of a record: its class, or the number to predict.</summary>
    /// <param name="row">The record, from 0.</param>
    public float Target(int row) => _targets[row];

    /// <summary>Returns some of the records, in the order given.</summary>
    /// <param name="rows">The records, from 0. At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public LearningData Subset(ReadOnlySpan<int> rows)
    {
        var (features, targets) = (new float[rows.Length * FeatureCount], new float[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            Features(rows[i]).CopyTo(features.AsSpan(i * FeatureCount));
            targets[i] = _targets[rows[i]];
        }

        return new LearningData(features, targets, ClassCount);
    }

    /// <summary>Returns the same records with other targets.</summary>
    internal LearningData WithTargets(float[] targets) => new(_features, targets, ClassCount);
}
