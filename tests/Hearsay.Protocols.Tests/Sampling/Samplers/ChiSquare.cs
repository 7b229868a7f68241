namespace Hearsay.Protocols.Tests.Sampling.Samplers;

internal static class ChiSquare
{
    /// <summary>How many standard deviations χ² against the uniform distribution lies above its mean.</summary>
    public static double UniformScore(ReadOnlySpan<int> counts)
    {
        var total = 0.0;
        foreach (var count in counts)
        {
            total += count;
        }

        var expected = total / counts.Length;
        var sum = 0.0;
        foreach (var count in counts)
        {
            sum += (count - expected) * (count - expected) / expected;
        }

        return Score(sum, counts.Length - 1);
    }

    /// <summary>The same for the hypothesis that two samples of one size come from one distribution.</summary>
    public static double SameScore(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        var (sum, cells) = (0.0, 0);
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] + right[i] > 0)
            {
                var difference = (double)left[i] - right[i];
                sum += difference * difference / (left[i] + right[i]);
                cells++;
            }
        }

        return Score(sum, cells - 1);
    }

    private static double Score(double sum, int freedom) => (sum - freedom) / Math.Sqrt(2.0 * freedom);
}
