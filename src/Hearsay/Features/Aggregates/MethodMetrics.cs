using Hearsay.Features.Contract;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Features.Aggregates;

/// <summary>The numbers of flow updating, push-sum and tournaments.</summary>
internal static class MethodMetrics
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FeatureMetric> All => [.. Messages(), .. Links(), .. Drops()];

    private static IEnumerable<FeatureMetric> Messages()
    {
        FeatureMetric Message(string outcome, Func<AggregatesFeature, long> read) => FeatureMetric.Count(
            "hearsay.methods.messages", "{message}", "Messages of other methods of aggregation by what became of them.",
            ("hearsay.outcome", outcome), read);
        yield return Message("flow_completed", static s => s.FlowUpdating.Counters.Completed);
        yield return Message("flow_answered", static s => s.FlowUpdating.Counters.Answered);
        yield return Message("push_sent", static s => s.PushSum.Counters.Sent);
        yield return Message("push_taken", static s => s.PushSum.Counters.Taken);
        yield return Message("pull_sent", static s => s.Tournament.Counters.Pulls);
        yield return Message("pull_answered", static s => s.Tournament.Counters.Answered);
        yield return Message("tournament_completed", static s => s.Tournament.Counters.Completed);
        yield return Message("tournament_unfinished", static s => s.Tournament.Counters.Unfinished);
    }

    private static IEnumerable<FeatureMetric> Links()
    {
        FeatureMetric Link(string change, Func<FlowUpdatingCounters, long> read) =>
            FeatureMetric.Count<AggregatesFeature>(
                "hearsay.methods.links", "{link}", "Sticky links of flow updating by what became of them.",
                ("hearsay.change", change), aggregates => read(aggregates.FlowUpdating.Counters));
        yield return Link("up", static counters => counters.LinksUp);
        yield return Link("failed", static counters => counters.Failures);
        yield return Link("dropped", static counters => counters.Dropped);
        yield return Link("mixed", static counters => counters.Mixed);
        yield return Link("refused", static counters => counters.LinksRefused);
    }

    private static IEnumerable<FeatureMetric> Drops()
    {
        FeatureMetric Drop(
            string reason, Func<FlowUpdatingCounters, long> flow, Func<PushSumCounters, long> push,
            Func<TournamentCounters, long> tournament) => FeatureMetric.Count<AggregatesFeature>(
            "hearsay.methods.dropped", "{item}", "Messages and values of other methods that were not used.",
            ("hearsay.reason", reason), aggregates => flow(aggregates.FlowUpdating.Counters)
                + push(aggregates.PushSum.Counters) + tournament(aggregates.Tournament.Counters));
        yield return Drop("malformed", static c => c.Malformed, static c => c.Malformed, static c => c.Malformed);
        yield return Drop("stale", static c => c.Stale, static c => c.Stale + c.Repeated, static c => 0);
        yield return Drop("stray_answer", static c => c.Stray, static c => 0, static c => c.Stray);
        yield return Drop("crossed", static c => c.Crossed, static c => 0, static c => 0);
        yield return Drop("far_epoch", static c => 0, static c => c.EpochsRefused, static c => c.EpochsRefused);
        yield return Drop("state_refused", static c => c.FlowsRefused, static c => c.MassesRefused,
            static c => c.Refused);
        yield return Drop("value_refused", static c => c.ValuesRefused, static c => c.ValuesRefused,
            static c => c.ValuesRefused);
        yield return Drop("definition_refused", static c => c.DefinitionsRefused, static c => c.DefinitionsRefused,
            static c => c.DefinitionsRefused);
    }
}
