using Hearsay.Protocols;
using Hearsay.Protocols.Aggregation.PushPull;

namespace Hearsay.Metrics;

/// <summary>The numbers of neighbours, broadcast and aggregation; zero where they do not run.</summary>
internal static class ServiceMetrics
{
    /// <summary>All of them.</summary>
    public static IEnumerable<NodeMetric> All =>
        [.. Neighbours(), .. Broadcast(), .. Aggregation(), .. MethodMetrics.All];

    private static IEnumerable<NodeMetric> Neighbours()
    {
        NodeMetric Link(string change, Func<NeighbourCounters, long> read) => new(
            "hearsay.neighbours.links", "{link}", "Links to stable neighbours by what became of them.",
            ("hearsay.change", change), node => Read(node.Services.Neighbours?.Counters, read));
        yield return Link("up", static counters => counters.LinksUp);
        yield return Link("down", static counters => counters.LinksDown);
        yield return Link("failed", static counters => counters.Failures);
        yield return Link("displaced", static counters => counters.Displaced);
        NodeMetric Drop(string reason, Func<NeighbourCounters, long> read) => new(
            "hearsay.neighbours.dropped", "{message}", "Messages between neighbours that were not used, by reason.",
            ("hearsay.reason", reason), node => Read(node.Services.Neighbours?.Counters, read));
        yield return Drop("malformed", static counters => counters.Malformed);
        yield return Drop("stranger", static counters => counters.Strangers);
        yield return Drop("forged", static counters => counters.Forged);
        yield return Drop("stale", static counters => counters.StaleDisconnects);
        yield return Drop("unexpected", static counters => counters.Unexpected);
        yield return Drop("request_skipped", static counters => counters.RequestsSkipped);
    }

    private static IEnumerable<NodeMetric> Broadcast()
    {
        NodeMetric Count(string name, string unit, string what, string key, string tag,
            Func<BroadcastCounters, long> read) =>
            new(name, unit, what, (key, tag), node => Read(node.Services.Broadcast?.Counters, read));
        NodeMetric Message(string tag, Func<BroadcastCounters, long> read) => Count(
            "hearsay.broadcast.messages", "{message}", "Messages by what became of them.", "hearsay.outcome", tag,
                read);
        yield return Message("published", static counters => counters.Published);
        yield return Message("delivered", static counters => counters.Delivered);
        yield return Message("duplicate", static counters => counters.Duplicates);
        yield return Message("repaired", static counters => counters.Repaired);
        NodeMetric Sent(string tag, Func<BroadcastCounters, long> read) => Count(
            "hearsay.broadcast.sent", "{frame}", "Frames sent to neighbours, by kind.", "hearsay.kind", tag, read);
        yield return Sent("payload", static counters => counters.PayloadsSent);
        yield return Sent("control", static counters => counters.ControlSent);
        yield return Sent("chunk", static counters => counters.ChunksSent);
        yield return new("hearsay.broadcast.delayed", "{chunk}",
            "Chunks that waited for a link whose queue was full.", null,
            static node => Read(node.Services.Broadcast?.Counters, static counters => counters.ChunksDelayed));
        NodeMetric Pull(string tag, Func<BroadcastCounters, long> read) => Count(
            "hearsay.broadcast.pulls", "{pull}", "Messages asked for, by outcome.", "hearsay.outcome", tag, read);
        yield return Pull("asked", static counters => counters.Pulls);
        yield return Pull("answered", static counters => counters.PullsAnswered);
        yield return Pull("refused", static counters => counters.PullsRefused);
        yield return Pull("given_up", static counters => counters.PullsGivenUp);
        NodeMetric Flow(string tag, Func<BroadcastCounters, long> read) => Count(
            "hearsay.broadcast.flow", "{message}", "Messages that waited for links, and that did not come over one.",
            "hearsay.outcome", tag, read);
        yield return Flow("publish_waited", static counters => counters.PublishesDelayed);
        yield return Flow("publish_refused", static counters => counters.PublishesRefused);
        yield return Flow("push_waited", static counters => counters.PushesDelayed);
        yield return Flow("push_skipped", static counters => counters.PushesSkipped);
        yield return Flow("lost_on_link", static counters => counters.LinkLosses);
        yield return new("hearsay.broadcast.links.left", "{link}",
            "Links that took nothing or far less than others and were not waited for any more.", null,
            static node => Read(node.Services.Broadcast?.Counters, static counters => counters.LinksLeftBehind));
        foreach (var (reason, read) in BroadcastDrops())
        {
            yield return Count(
                "hearsay.broadcast.dropped", "{item}", "Frames, messages and names that were not used or not kept.",
                "hearsay.reason", reason, read);
        }

        yield return new("hearsay.topics.missed", "{message}",
            "Messages that a subscriber of this node missed and was told of.", null,
            static node => node.Services.Topics?.Missed ?? 0);
    }

    private static (string Reason, Func<BroadcastCounters, long> Read)[] BroadcastDrops() =>
    [
        ("malformed", static counters => counters.Malformed),
        ("stranger", static counters => counters.Strangers),
        ("after_close", static counters => counters.AfterClose),
        ("too_old", static counters => counters.TooOld),
        ("replayed", static counters => counters.Replayed),
        ("forged", static counters => counters.Forged),
        ("rate_limited", static counters => counters.RateLimited),
        ("answer_refused", static counters => counters.AnswersRefused),
        ("left_to_repair", static counters => counters.LeftToRepair),
        ("never_sent", static counters => counters.NeverSent),
        ("not_sent_on", static counters => counters.NotSentOn),
        ("missing_refused", static counters => counters.MissingRefused),
        ("name_forgotten", static counters => counters.NamesForgotten),
        ("payload_forgotten", static counters => counters.PayloadsForgotten),
        ("source_forgotten", static counters => counters.SourcesForgotten),
        ("gap_forgotten", static counters => counters.GapsForgotten),
        ("reach_forgotten", static counters => counters.ReachForgotten),
        ("orphan_refused", static counters => counters.OrphansRefused),
        ("message_lost", static counters => counters.MessagesLost),
        ("graft_refused", static counters => counters.GraftsRefused),
        ("feed_refused", static counters => counters.FeedsRefused),
        ("large_refused", static counters => counters.LargeRefused),
        ("large_expired", static counters => counters.LargeExpired),
        ("large_lost", static counters => counters.LargeLost),
        ("chunk_refused", static counters => counters.ChunksRefused),
        ("chunk_without_room", static counters => counters.ChunksWithoutRoom),
    ];

    private static IEnumerable<NodeMetric> Aggregation()
    {
        NodeMetric Exchange(string outcome, Func<AggregationCounters, long> read) => new(
            "hearsay.aggregation.exchanges", "{exchange}", "Exchanges of aggregation by outcome.",
            ("hearsay.outcome", outcome), node => Read(node.Services.Aggregation?.Counters, read));
        yield return Exchange("completed", static counters => counters.Completed);
        yield return Exchange("answered", static counters => counters.Answered);
        yield return Exchange("repeated", static counters => counters.AnswersRepeated);
        yield return Exchange("refused", static counters => counters.Refused);
        yield return Exchange("unsettled", static counters => counters.Unsettled);
        yield return Exchange("look_given", static counters => counters.LooksGiven);
        yield return new("hearsay.aggregation.epochs", "{epoch}", "Epochs completed.", null,
            static node => Read(node.Services.Aggregation?.Counters, static counters => counters.Epochs));
        NodeMetric Drop(string reason, Func<AggregationCounters, long> read) => new(
            "hearsay.aggregation.dropped", "{item}", "Messages, states and values of aggregation that were not used.",
            ("hearsay.reason", reason), node => Read(node.Services.Aggregation?.Counters, read));
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
        yield return new("hearsay.aggregation.dropped", "{item}",
            "Messages, states and values of aggregation that were not used.", ("hearsay.reason", "value_threw"),
            static node => node.Services.Aggregates?.ValueFaults ?? 0);
        yield return new("hearsay.aggregation.dropped", "{item}",
            "Messages, states and values of aggregation that were not used.", ("hearsay.reason", "value_slow"),
            static node => node.Services.Aggregates?.ValuesSkipped ?? 0);
        yield return new("hearsay.aggregation.dropped", "{item}",
            "Messages, states and values of aggregation that were not used.", ("hearsay.reason", "value_lost"),
            static node => node.Services.Aggregates?.ValuesLost ?? 0);
    }

    private static long Read<T>(T? counters, Func<T, long> read)
        where T : class => counters is null ? 0 : read(counters);
}
