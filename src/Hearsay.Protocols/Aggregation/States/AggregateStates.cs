using Hearsay.Protocols.Aggregation.Definitions;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>The state that belongs to a definition.</summary>
internal static class AggregateStates
{
    /// <summary>Makes the state of a valid definition.</summary>
    /// <returns>Null if this version does not know the kind.</returns>
    public static IAggregateState? Create(AggregateDefinition definition, LeaderMap leaders) => definition.Kind switch
    {
        _ when definition.Method != AggregateMethod.PushPull => new CarriedState(),
        AggregateKind.NetworkSize => new NetworkSizeState(leaders),
        AggregateKind.Min or AggregateKind.Max => new ExtremeState(definition),
        AggregateKind.Average or AggregateKind.Sum or AggregateKind.Count or AggregateKind.Variance
            or AggregateKind.WeightedAverage => new MomentState(definition),
        AggregateKind.DistinctCount => new DistinctState(definition),
        AggregateKind.Quantiles or AggregateKind.Histogram => new VectorState(definition),
        AggregateKind.ExtremaSum or AggregateKind.ExtremaCount => new ExtremaState(definition),
        AggregateKind.Sample => new SampleState(definition),
        _ => null,
    };

    /// <summary>The precision of a kind if none is said; null if the kind has none.</summary>
    public static double? DefaultPrecisionOf(AggregateKind kind) => kind switch
    {
        AggregateKind.DistinctCount => DistinctState.DefaultPrecision,
        AggregateKind.Quantiles => BucketLayout.DefaultAccuracy,
        AggregateKind.Histogram => BucketLayout.DefaultBins,
        AggregateKind.ExtremaSum or AggregateKind.ExtremaCount => ExtremaState.DefaultMinima,
        AggregateKind.Sample => SampleState.DefaultItems,
        _ => null,
    };
}
