using Hearsay.Protocols;

namespace Hearsay.Learning.Tests;

/// <summary>Made data.</summary>
internal static class TestData
{
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
