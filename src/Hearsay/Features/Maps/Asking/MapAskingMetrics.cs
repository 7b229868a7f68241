using Hearsay.Features.Contract;

namespace Hearsay.Features.Maps.Asking;

/// <summary>The numbers of nodes that are asked for their maps.</summary>
internal static class MapAskingMetrics
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FeatureMetric> All =>
    [
        Of("begun", static calls => calls.Begun),
        Of("busy", static calls => calls.Refused),
        Of("malformed", static calls => calls.Malformed),
        Of("given_up", static calls => calls.GivenUp),
    ];

    private static FeatureMetric Of(string outcome, Func<AskedCalls, long> read) =>
        FeatureMetric.Count<MapAskingFeature>(
            "hearsay.maps.asked", "{question}", "Questions of nodes that hold no maps, by what became of them.",
            ("hearsay.outcome", outcome), feature => feature.Calls is { } calls ? read(calls) : 0);
}
