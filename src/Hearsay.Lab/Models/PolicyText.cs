namespace Hearsay.Lab.Models;

/// <summary>Sampling policies and peer selections in legends.</summary>
internal static class PolicyText
{
    /// <summary>Its name in words.</summary>
    public static string Of(string policy) => policy switch
    {
        nameof(SamplingPolicy.Head) => "head (youngest)",
        nameof(SamplingPolicy.Tail) => "tail (oldest)",
        nameof(SamplingPolicy.UniformWithReplacement) => "uniform, with replacement",
        nameof(SamplingPolicy.UniformWithoutReplacement) => "uniform, without replacement",
        nameof(PeerSelection.Rand) => "rand (uniform)",
        _ => policy,
    };
}
