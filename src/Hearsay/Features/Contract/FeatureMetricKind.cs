namespace Hearsay.Features.Contract;

/// <summary>How a number behaves, and so which instrument shows it.</summary>
internal enum FeatureMetricKind
{
    /// <summary>It only grows. What stopped nodes counted stays in the sum.</summary>
    Count,

    /// <summary>It goes up and down. Only nodes that run have one.</summary>
    Level,

    /// <summary>It goes up and down. Of several nodes the largest is told, since a sum would say nothing.</summary>
    Largest,
}
