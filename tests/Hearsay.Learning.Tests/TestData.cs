using Hearsay.Protocols;

namespace Hearsay.Learning.Tests;

/// <summary>Made data.</summary>
internal static class TestData
{
    /// <summary>The classes of <see cref="Blocks"/>.</summary>
    public const int BlockClasses = 16;

    /// <summary>A model of 16 classes and 65,536 features: 4 MB.</summary>
    public static SoftmaxModel LargeModel { get; } = new(LearningData.MaximumFeatures, BlockClasses);

    /// <summary>A record of each of some classes, which differ in the block of their features that is not 0.</summary>
    public static LearningData Blocks(params int[] classes)
    {
        const int Features = LearningData.MaximumFeatures, Block = Features / BlockClasses;
        var features = new float[classes.Length * Features];
        for (var row = 0; row < classes.Length; row++)
        {
            features.AsSpan((row * Features) + (classes[row] * Block), Block).Fill(1f / 64);
        }

        return new LearningData(features, [.. classes.Select(static one => (float)one)], BlockClasses);
    }

    /// <summary>Points of the plane, with the side of a line that they are on as class.</summary>
    public static LearningData Line(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var (features, targets) = (new float[2 * rows], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            var (x, y) = ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
            (features[2 * row], features[(2 * row) + 1]) = ((float)x, (float)y);
            targets[row] = x + (0.5 * y) + 0.1 > 0 ? 1 : 0;
        }

        return new LearningData(features, targets, 2);
    }
}
