using Hearsay.Features;
using Hearsay.Protocols.Aggregation.FlowUpdating;
using Hearsay.Protocols.Aggregation.PushSum;
using Hearsay.Protocols.Aggregation.Tournament;

namespace Hearsay.Metrics;

/// <summary>The numbers of flow updating, push-sum and tournaments; zero where they do not run.</summary>
internal static class MethodMetrics
{
    /// <summary>All of them.</summary>
    public static IEnumerable<NodeMetric> All => [.. Messages(), .. Links(), .. Drops()];

    private static IEnumerable<NodeMetric> Messages()
    {
        NodeMetric Message(string outcome, Func<NodeServices, long> read) => new(
            "hearsay.methods.messages", "{message}", "Messages of other methods of aggregation by what became of them.",
            ("hearsay.outcome", outcome), node => read(node.Services));
        yield return Message("flow_completed", static s => s.FlowUpdating?.Counters.Completed ?? 0);
        yield return Message("flow_answered", static s => s.FlowUpdating?.Counters.Answered ?? 0);
        yield return Message("push_sent", static s => s.PushSum?.Counters.Sent ?? 0);
        yield return Message("push_taken", static s => s.PushSum?.Counters.Taken ?? 0);
        yield return Message("pull_sent", static s => s.Tournament?.Counters.Pulls ?? 0);
        yield return Message("pull_answered", static s => s.Tournament?.Counters.Answered ?? 0);
        yield return Message("tournament_completed", static s => s.Tournament?.Counters.Completed ?? 0);
        yield return Message("tournament_unfinished", static s => s.Tournament?.Counters.Unfinished ?? 0);
    }

    private static IEnumerable<NodeMetric> Links()
    {
        NodeMetric Link(string change, Func<FlowUpdatingCounters, long> read) => new(
            "hearsay.methods.links", "{link}", "Sticky links of flow updating by what became of them.",
            ("hearsay.change", change), node => node.Services.FlowUpdating is { } flow ? read(flow.Counters) : 0);
        yield return Link("up", static counters => counters.LinksUp);
        yield return Link("failed", static counters => counters.Failures);
        yield return Link("dropped", static counters => counters.Dropped);
        yield return Link("mixed", static counters => counters.Mixed);
        yield return Link("refused", static counters => counters.LinksRefused);
    }

    private static IEnumerable<NodeMetric> Drops()
    {
        NodeMetric Drop(
            string reason, Func<FlowUpdatingCounters, long> flow, Func<PushSumCounters, long> push,
            Func<TournamentCounters, long> tournament) => new(
            "hearsay.methods.dropped", "{item}", "Messages and values of other methods that were not used.",
            ("hearsay.reason", reason), node => Read(node.Services.FlowUpdating?.Counters, flow)
                + Read(node.Services.PushSum?.Counters, push) + Read(node.Services.Tournament?.Counters, tournament));
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

    private static long Read<T>(T? counters, Func<T, long> read)
        where T : class => counters is null ? 0 : read(counters);
}
