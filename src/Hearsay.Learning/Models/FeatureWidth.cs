namespace Hearsay.Learning.Models;

/// <summary>How many features a record has.</summary>
internal static class FeatureWidth
{
    /// <summary>Refuses a record that has more or fewer features than a model takes.</summary>
    public static void ThrowIfOther(int featureCount, int needed)
    {
        if (featureCount != needed)
        {
            throw new ArgumentException($"The model takes {needed} features, not {featureCount}.");
        }
    }
}
