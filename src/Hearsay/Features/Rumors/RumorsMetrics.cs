using Hearsay.Features.Contract;

namespace Hearsay.Features.Rumors;

/// <summary>The numbers of rumor mongering, and of who listens.</summary>
internal static class RumorsMetrics
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FeatureMetric> All => [.. Rumors(), .. Traffic(), .. Bounds()];

    private static IEnumerable<FeatureMetric> Rumors()
    {
        FeatureMetric Message(string outcome, Func<RumorCounters, long> read) => Count(
            "hearsay.rumors.messages", "{rumor}", "Rumors by what became of them.", "hearsay.outcome", outcome, read);
        yield return Message("begun", static counters => counters.Begun);
        yield return Message("heard", static counters => counters.Heard);
        yield return Message("duplicate", static counters => counters.Duplicates);
        FeatureMetric Held(string state, Func<RumorsFeature, long> read) => FeatureMetric.Level(
            "hearsay.rumors.held", "{rumor}", "Rumors that nodes remember, and those whose text they keep.",
            ("hearsay.state", state), read);
        yield return Held("known", static rumors => rumors.Protocol.KnownCount);
        yield return Held("live", static rumors => rumors.Protocol.LiveCount);
        yield return FeatureMetric.Count<RumorsFeature>("hearsay.rumors.missed", "{rumor}",
            "Rumors that a subscriber of this node missed and was told of.", null, static rumors => rumors.Missed);
    }

    private static IEnumerable<FeatureMetric> Traffic()
    {
        FeatureMetric Sent(string kind, Func<RumorCounters, long> read) => Count(
            "hearsay.rumors.sent", "{item}", "Copies of rumors, requests and answers sent.", "hearsay.kind", kind,
            read);
        yield return Sent("copy", static counters => counters.CopiesSent);
        yield return Sent("request", static counters => counters.RequestsSent);
        yield return Sent("feedback", static counters => counters.FeedbacksSent);
    }

    private static IEnumerable<FeatureMetric> Bounds()
    {
        FeatureMetric Drop(string reason, Func<RumorCounters, long> read) => Count(
            "hearsay.rumors.dropped", "{item}", "Rumors, frames and contacts that were not used, not kept or put off.",
            "hearsay.reason", reason, read);
        yield return Drop("malformed", static counters => counters.Malformed);
        yield return Drop("unproven", static counters => counters.Unproven);
        yield return Drop("bad_signature", static counters => counters.BadSignatures);
        yield return Drop("from_shunned", static counters => counters.FromShunned);
        yield return Drop("not_admitted", static counters => counters.NotAdmitted);
        yield return Drop("signed_long_ago", static counters => counters.SignedLongAgo);
        yield return Drop("stale", static counters => counters.Stale);
        yield return Drop("throttled", static counters => counters.Throttled);
        yield return Drop("full", static counters => counters.Full);
        yield return Drop("forgotten", static counters => counters.Forgotten);
        yield return Drop("stray_answer", static counters => counters.Strays);
        yield return Drop("turned_away", static counters => counters.TurnedAway);
        yield return Drop("deferred", static counters => counters.Deferred);
    }

    private static FeatureMetric Count(
        string name, string unit, string what, string key, string tag, Func<RumorCounters, long> read) =>
        FeatureMetric.Count<RumorsFeature>(name, unit, what, (key, tag), rumors => read(rumors.Protocol.Counters));
}
