using Hearsay.Features.Contract;
using Hearsay.Protocols.Aggregation.PushPull;

namespace Hearsay.Features.Aggregates;

/// <summary>The numbers of push-pull averaging, and of the values that the application gives.</summary>
internal static class AggregatesMetrics
{
    private const string Dropped = "hearsay.aggregation.dropped";
    private const string NotUsed = "Messages, states and values of aggregation that were not used.";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FeatureMetric> All => [.. Exchanges(), .. Drops()];

    private static IEnumerable<FeatureMetric> Exchanges()
    {
        FeatureMetric Exchange(string outcome, Func<AggregationCounters, long> read) =>
            FeatureMetric.Count<AggregatesFeature>(
                "hearsay.aggregation.exchanges", "{exchange}", "Exchanges of aggregation by outcome.",
                ("hearsay.outcome", outcome), aggregates => read(aggregates.Aggregation.Counters));
        yield return Exchange("completed", static counters => counters.Completed);
        yield return Exchange("answered", static counters => counters.Answered);
        yield return Exchange("repeated", static counters => counters.AnswersRepeated);
        yield return Exchange("refused", static counters => counters.Refused);
        yield return Exchange("unsettled", static counters => counters.Unsettled);
        yield return Exchange("look_given", static counters => counters.LooksGiven);
        yield return FeatureMetric.Count<AggregatesFeature>(
            "hearsay.aggregation.epochs", "{epoch}", "Epochs completed.", null,
            static aggregates => aggregates.Aggregation.Counters.Epochs);
    }

    private static IEnumerable<FeatureMetric> Drops()
    {
        FeatureMetric Drop(string reason, Func<AggregationCounters, long> read) =>
            Value(reason, aggregates => read(aggregates.Aggregation.Counters));
        FeatureMetric Value(string reason, Func<AggregatesFeature, long> read) =>
            FeatureMetric.Count(Dropped, "{item}", NotUsed, ("hearsay.reason", reason), read);
        yield return Drop("malformed", static counters => counters.Malformed);
        yield return Drop("stale", static counters => counters.StaleRequests);
        yield return Drop("stray_answer", static counters => counters.StrayAnswers);
        yield return Drop("answer_forgotten", static counters => counters.AnswersForgotten);
        yield return Drop("state_refused", static counters => counters.StatesRefused);
        yield return Drop("far_epoch", static counters => counters.FarEpochs);
        yield return Drop("value_refused", static counters => counters.ValuesRefused);
        yield return Drop("size_not_kept", static counters => counters.SizesNotKept);
        yield return Drop("definition_refused", static counters => counters.DefinitionsRefused);
        yield return Drop("definition_unasked", static counters => counters.DefinitionsUnasked);
        yield return Drop("bad_signature", static counters => counters.Origins.BadSignatures);
        yield return Drop("from_shunned", static counters => counters.Origins.FromShunned);
        yield return Drop("not_admitted", static counters => counters.Origins.NotAdmitted);
        yield return Drop("signed_long_ago", static counters => counters.Origins.SignedLongAgo);
        yield return Value("value_threw", static aggregates => aggregates.Service.ValueFaults);
        yield return Value("value_slow", static aggregates => aggregates.Service.ValuesSkipped);
        yield return Value("value_lost", static aggregates => aggregates.Service.ValuesLost);
    }
}
