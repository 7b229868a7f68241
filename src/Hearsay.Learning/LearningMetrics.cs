using Hearsay.Features.Contract;

namespace Hearsay.Learning;

/// <summary>The numbers of gossip learning.</summary>
internal static class LearningMetrics
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FeatureMetric> All => [.. Models(), .. Work(), .. Bounds()];

    private static IEnumerable<FeatureMetric> Models()
    {
        FeatureMetric Model(string outcome, Func<LearningCounters, long> read) => Count(
            "hearsay.learning.models", "{model}", "Models by what became of them.", ("hearsay.outcome", outcome), read);
        yield return Model("sent", static counters => counters.Sent);
        yield return Model("not_sent", static counters => counters.NotSent);
        yield return Model("fetched", static counters => counters.Fetched);
        yield return Model("merged", static counters => counters.Merged);
        yield return Count("hearsay.learning.sent", "By", "Bytes of models sent, without envelopes.", null,
            static counters => counters.BytesSent);
        yield return Count("hearsay.learning.chunks", "{chunk}", "Chunks of large models sent.", null,
            static counters => counters.ChunksSent);
    }

    private static IEnumerable<FeatureMetric> Work()
    {
        yield return Count("hearsay.learning.steps", "{step}", "Mini-batches by which models were improved.", null,
            static counters => counters.Steps);
        yield return FeatureMetric.Level<LearningFeature>(
            "hearsay.learning.learners", "{learner}", "Learners that run.", null, static learning => learning.Count);
    }

    private static IEnumerable<FeatureMetric> Bounds()
    {
        FeatureMetric Limit(string reason, Func<LearningCounters, long> read) => Count(
            "hearsay.learning.limited", "{model}", "Models that count for less than they claim.",
            ("hearsay.reason", reason), read);
        yield return Limit("age_capped", static counters => counters.AgesCapped);
        yield return Limit("clipped", static counters => counters.Clipped);
        yield return Limit("left_out", static counters => counters.LeftOut);
        FeatureMetric Drop(string reason, Func<LearningCounters, long> read) => Count(
            "hearsay.learning.dropped", "{item}", "Models, requests and chunks that were not used or not answered.",
            ("hearsay.reason", reason), read);
        yield return Drop("malformed", static counters => counters.Malformed);
        yield return Drop("other_model", static counters => counters.OtherModel);
        yield return Drop("impossible_age", static counters => counters.ImpossibleAge);
        yield return Drop("not_finite", static counters => counters.NotFinite);
        yield return Drop("unproven", static counters => counters.Unproven);
        yield return Drop("overtaken", static counters => counters.Overtaken);
        yield return Drop("unasked", static counters => counters.Unasked);
        yield return Drop("too_often", static counters => counters.TooOften);
        yield return Drop("pull_refused", static counters => counters.PullsRefused);
        yield return Drop("offer_refused", static counters => counters.OffersRefused);
        yield return Drop("transfer_given_up", static counters => counters.TransfersGivenUp);
        yield return Drop("chunk_refused", static counters => counters.ChunksRefused);
        yield return Drop("diverged", static counters => counters.Diverged);
    }

    private static FeatureMetric Count(
        string name, string unit, string what, (string Key, string Value)? tag, Func<LearningCounters, long> read) =>
        FeatureMetric.Count<LearningFeature>(name, unit, what, tag, learning => learning.Sum(read));
}
