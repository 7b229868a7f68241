using Hearsay.Features.Aggregates;
using Hearsay.Features.Contract;
using Hearsay.Features.Requests;
using Hearsay.Features.Maps;
using Hearsay.Features.Maps.Asking;
using Hearsay.Features.Rumors;
using Hearsay.Features.Topics;

namespace Hearsay.Features;

/// <summary>The features that exist. Nothing else names them outside their folders.</summary>
internal static class NodeFeatures
{
    /// <summary>All of them, in the order in which they start.</summary>
    public static IReadOnlyList<FeatureDescription> All { get; } =
    [
        AggregatesFeature.Description,
        TopicsFeature.Description,
        RumorsFeature.Description,
        RequestsFeature.Description,
        MapsFeature.Description,
        MapAskingFeature.Description,
    ];
}
