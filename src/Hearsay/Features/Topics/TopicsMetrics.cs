using Hearsay.Features.Contract;
using Hearsay.Protocols;

namespace Hearsay.Features.Topics;

/// <summary>The numbers of neighbours and broadcast, and of who listens.</summary>
internal static class TopicsMetrics
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FeatureMetric> All => [.. Neighbours(), .. Broadcast()];

    private static IEnumerable<FeatureMetric> Neighbours()
    {
        FeatureMetric Link(string change, Func<NeighbourCounters, long> read) => FeatureMetric.Count<TopicsFeature>(
            "hearsay.neighbours.links", "{link}", "Links to stable neighbours by what became of them.",
            ("hearsay.change", change), topics => read(topics.Neighbours.Counters));
        yield return Link("up", static counters => counters.LinksUp);
        yield return Link("down", static counters => counters.LinksDown);
        yield return Link("failed", static counters => counters.Failures);
        yield return Link("displaced", static counters => counters.Displaced);
        yield return Link("shunned", static counters => counters.Shunned);
        FeatureMetric Drop(string reason, Func<NeighbourCounters, long> read) => FeatureMetric.Count<TopicsFeature>(
            "hearsay.neighbours.dropped", "{message}", "Messages between neighbours that were not used, by reason.",
            ("hearsay.reason", reason), topics => read(topics.Neighbours.Counters));
        yield return Drop("malformed", static counters => counters.Malformed);
        yield return Drop("stranger", static counters => counters.Strangers);
        yield return Drop("forged", static counters => counters.Forged);
        yield return Drop("stale", static counters => counters.StaleDisconnects);
        yield return Drop("unexpected", static counters => counters.Unexpected);
        yield return Drop("request_skipped", static counters => counters.RequestsSkipped);
    }

    private static IEnumerable<FeatureMetric> Broadcast()
    {
        FeatureMetric Count(string name, string unit, string what, string key, string tag,
            Func<BroadcastCounters, long> read) =>
            FeatureMetric.Count<TopicsFeature>(name, unit, what, (key, tag), topics => read(topics.Broadcast.Counters));
        FeatureMetric Message(string tag, Func<BroadcastCounters, long> read) => Count(
            "hearsay.broadcast.messages", "{message}", "Messages by what became of them.", "hearsay.outcome", tag,
                read);
        yield return Message("published", static counters => counters.Published);
        yield return Message("delivered", static counters => counters.Delivered);
        yield return Message("duplicate", static counters => counters.Duplicates);
        yield return Message("repaired", static counters => counters.Repaired);
        FeatureMetric Sent(string tag, Func<BroadcastCounters, long> read) => Count(
            "hearsay.broadcast.sent", "{frame}", "Frames sent to neighbours, by kind.", "hearsay.kind", tag, read);
        yield return Sent("payload", static counters => counters.PayloadsSent);
        yield return Sent("control", static counters => counters.ControlSent);
        yield return Sent("chunk", static counters => counters.ChunksSent);
        yield return FeatureMetric.Count<TopicsFeature>("hearsay.broadcast.delayed", "{chunk}",
            "Chunks that waited for a link whose queue was full.", null,
            static topics => topics.Broadcast.Counters.ChunksDelayed);
        FeatureMetric Pull(string tag, Func<BroadcastCounters, long> read) => Count(
            "hearsay.broadcast.pulls", "{pull}", "Messages asked for, by outcome.", "hearsay.outcome", tag, read);
        yield return Pull("asked", static counters => counters.Pulls);
        yield return Pull("answered", static counters => counters.PullsAnswered);
        yield return Pull("refused", static counters => counters.PullsRefused);
        yield return Pull("given_up", static counters => counters.PullsGivenUp);
        FeatureMetric Flow(string tag, Func<BroadcastCounters, long> read) => Count(
            "hearsay.broadcast.flow", "{message}", "Messages that waited for links, and that did not come over one.",
            "hearsay.outcome", tag, read);
        yield return Flow("publish_waited", static counters => counters.PublishesDelayed);
        yield return Flow("publish_refused", static counters => counters.PublishesRefused);
        yield return Flow("push_waited", static counters => counters.PushesDelayed);
        yield return Flow("push_skipped", static counters => counters.PushesSkipped);
        yield return Flow("lost_on_link", static counters => counters.LinkLosses);
        yield return FeatureMetric.Count<TopicsFeature>("hearsay.broadcast.links.left", "{link}",
            "Links that took nothing or far less than others and were not waited for any more.", null,
            static topics => topics.Broadcast.Counters.LinksLeftBehind);
        foreach (var (reason, read) in BroadcastDrops())
        {
            yield return Count(
                "hearsay.broadcast.dropped", "{item}", "Frames, messages and names that were not used or not kept.",
                "hearsay.reason", reason, read);
        }

        yield return FeatureMetric.Level<TopicsFeature>("hearsay.broadcast.waiting", "{message}",
            "Messages that wait for links.", ("hearsay.kind", "publish"),
            static topics => topics.Broadcast.PublishesWaiting);
        yield return FeatureMetric.Level<TopicsFeature>("hearsay.broadcast.waiting", "{message}",
            "Messages that wait for links.", ("hearsay.kind", "push"), static topics => topics.Broadcast.PushesWaiting);
        yield return FeatureMetric.Level<TopicsFeature>("hearsay.topics.waiting", "{message}",
            "Messages that wait for subscribers of this node to read them.", null,
            static topics => topics.Service.Waiting);
        yield return FeatureMetric.Count<TopicsFeature>("hearsay.topics.missed", "{message}",
            "Messages that a subscriber of this node missed and was told of.", null,
            static topics => topics.Service.Missed);
        yield return FeatureMetric.Level<TopicsFeature>("hearsay.topics.leased", "By",
            "Memory that leases on messages keep.", null, static topics => topics.Broadcast.LeasedBytes);
        yield return FeatureMetric.Count<TopicsFeature>("hearsay.topics.copied", "{message}",
            "Messages copied for a reader of batches, because leases kept as much memory as they may.", null,
            static topics => topics.Service.Copied);
    }

    private static (string Reason, Func<BroadcastCounters, long> Read)[] BroadcastDrops() =>
    [
        ("malformed", static counters => counters.Malformed),
        ("stranger", static counters => counters.Strangers),
        ("after_close", static counters => counters.AfterClose),
        ("too_old", static counters => counters.TooOld),
        ("replayed", static counters => counters.Replayed),
        ("forged", static counters => counters.Forged),
        ("bad_signature", static counters => counters.BadSignatures),
        ("from_shunned", static counters => counters.FromShunned),
        ("not_admitted", static counters => counters.NotAdmitted),
        ("signed_long_ago", static counters => counters.SignedLongAgo),
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
}
