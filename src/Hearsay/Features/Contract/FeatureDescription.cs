namespace Hearsay.Features.Contract;

/// <summary>A feature that nodes can have, before any node has it.</summary>
/// <param name="Name">One lower-case word.</param>
/// <param name="Create">Makes it for one node; null if the options leave it out. The options have no errors.</param>
/// <param name="Errors">
/// Everything in the options that makes it unusable, each message with the option and what is allowed.
/// </param>
/// <param name="Metrics">Its numbers. A node that runs without the feature shows 0.</param>
internal sealed record FeatureDescription(
    string Name,
    Func<GossipNodeOptions, INodeFeature?> Create,
    Func<GossipNodeOptions, IEnumerable<string>> Errors,
    IReadOnlyList<FeatureMetric> Metrics);
