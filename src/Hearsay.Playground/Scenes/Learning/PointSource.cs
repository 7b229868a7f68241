using Hearsay.Learning;

namespace Hearsay.Playground.Scenes.Learning;

/// <summary>
/// Points of two clouds that overlap. Only additions and multiplications make them, so they are the same on any
/// machine.
/// </summary>
internal static class PointSource
{
    /// <summary>How many features a point has.</summary>
    public const int Features = 2;

    private const double CentreX = 0.7, CentreY = 0.4, Deviation = 0.6;

    /// <summary>A number of four uniform ones varies by the root of a third.</summary>
    private const double RootOfThree = 1.7320508075688772;

    /// <summary>Points of both classes, or of one.</summary>
    /// <param name="count">How many.</param>
    /// <param name="only">The class that all of them are of; null for both, at random.</param>
    /// <param name="random">Where they come from.</param>
    public static LearningData Draw(int count, int? only, ref SeededRandom random)
    {
        var (features, targets) = (new float[count * Features], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var target = only ?? random.Below(2);
            var sign = target == 1 ? 1 : -1;
            targets[i] = target;
            features[i * Features] = (float)((sign * CentreX) + (Deviation * Normal(ref random)));
            features[(i * Features) + 1] = (float)((sign * CentreY) + (Deviation * Normal(ref random)));
        }

        return new LearningData(features, targets, 2);
    }

    /// <summary>The same points with the labels of the other class.</summary>
    public static LearningData Flip(LearningData data)
    {
        var targets = new float[data.RowCount];
        for (var row = 0; row < targets.Length; row++)
        {
            targets[row] = 1 - data.Target(row);
        }

        return data.WithTargets(targets);
    }

    /// <summary>The points of several nodes in one place.</summary>
    public static LearningData Union(IReadOnlyList<LearningData> parts)
    {
        var (features, targets) = (new List<float>(), new List<float>());
        foreach (var part in parts)
        {
            for (var row = 0; row < part.RowCount; row++)
            {
                features.AddRange(part.Features(row));
                targets.Add(part.Target(row));
            }
        }

        return new LearningData([.. features], [.. targets], 2);
    }

    /// <summary>About a normal number of deviation 1.</summary>
    public static double Normal(ref SeededRandom random) =>
        (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * RootOfThree;
}
