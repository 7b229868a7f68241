namespace Hearsay.Features.Contract;

/// <summary>One number of a feature, with its OpenTelemetry name, unit and tag.</summary>
/// <param name="Name">The instrument.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Description">What it tells.</param>
/// <param name="Kind">How it behaves.</param>
/// <param name="Tag">A tag's key and value that tell this number from others of the instrument, or none.</param>
/// <param name="Read">Reads it from a feature on any thread; 0 if it is a number of another feature.</param>
internal sealed record FeatureMetric(
    string Name, string Unit, string Description, FeatureMetricKind Kind, (string Key, string Value)? Tag,
    Func<INodeFeature, long> Read)
{
    /// <summary>A number of a feature that only grows.</summary>
    public static FeatureMetric Count<T>(
        string name, string unit, string description, (string Key, string Value)? tag, Func<T, long> read)
        where T : class, INodeFeature => new(name, unit, description, FeatureMetricKind.Count, tag, OfType(read));

    /// <summary>A number of a feature that goes up and down.</summary>
    public static FeatureMetric Level<T>(
        string name, string unit, string description, (string Key, string Value)? tag, Func<T, long> read)
        where T : class, INodeFeature => new(name, unit, description, FeatureMetricKind.Level, tag, OfType(read));

    /// <summary>A number of a feature of which the largest of several nodes is told.</summary>
    public static FeatureMetric Largest<T>(string name, string unit, string description, Func<T, long> read)
        where T : class, INodeFeature => new(
            name, unit, description, FeatureMetricKind.Largest, null, OfType(read));

    private static Func<INodeFeature, long> OfType<T>(Func<T, long> read)
        where T : class => feature => feature is T own ? read(own) : 0;
}
