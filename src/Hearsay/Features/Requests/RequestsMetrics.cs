using Hearsay.Features.Contract;

namespace Hearsay.Features.Requests;

/// <summary>The numbers of requests.</summary>
internal static class RequestsMetrics
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FeatureMetric> All => [.. Asked(), .. Handled(), .. Bounds()];

    private static IEnumerable<FeatureMetric> Asked()
    {
        FeatureMetric Outcome(string outcome, Func<RequestCounters, long> read) => Count(
            "hearsay.requests.asked", "{request}", "Requests of these nodes by what became of them.",
            "hearsay.outcome", outcome, read);
        yield return Outcome("begun", static counters => counters.Asked);
        yield return Outcome("answered", static counters => counters.Answered);
        yield return Outcome("rejected", static counters => counters.Rejected);
        yield return Outcome("unanswered", static counters => counters.Unanswered);
        yield return Outcome("cancelled", static counters => counters.Cancelled);
        yield return Count(
            "hearsay.requests.repeated", "{frame}", "Copies of requests sent again, and questions what became of them.",
            null, null, static counters => counters.Repeated);
        yield return FeatureMetric.Level<RequestsFeature>(
            "hearsay.requests.outstanding", "{request}", "Requests that wait for an answer.", null,
            static requests => requests.Protocol.Outstanding);
    }

    private static IEnumerable<FeatureMetric> Handled()
    {
        FeatureMetric Outcome(string outcome, Func<RequestsFeature, long> read) =>
            FeatureMetric.Count<RequestsFeature>(
                "hearsay.requests.handled", "{request}", "Requests of other nodes by what was done with them.",
                ("hearsay.outcome", outcome), read);
        yield return Outcome("begun", static requests => requests.Protocol.Counters.Handled);
        yield return Outcome("failed", static requests => requests.Service.HandlerFaults);
        yield return Outcome("no_handler", static requests => requests.Protocol.Counters.WithoutHandler);
        yield return Outcome("shed", static requests => requests.Protocol.Counters.Shed);
        yield return Outcome("refused", static requests => requests.Protocol.Counters.Refused);
        yield return FeatureMetric.Level<RequestsFeature>(
            "hearsay.requests.running", "{request}", "Handlers that run.", null,
            static requests => requests.Protocol.Running);
    }

    private static IEnumerable<FeatureMetric> Bounds()
    {
        FeatureMetric Drop(string reason, Func<RequestCounters, long> read) => Count(
            "hearsay.requests.dropped", "{item}", "Frames and answers of requests that were not used or not kept.",
            "hearsay.reason", reason, read);
        yield return Drop("malformed", static counters => counters.Malformed);
        yield return Drop("unproven", static counters => counters.Unproven);
        yield return Drop("duplicate", static counters => counters.Duplicates);
        yield return Drop("stray", static counters => counters.Strays);
        yield return Drop("answer_forgotten", static counters => counters.AnswersForgotten);
    }

    private static FeatureMetric Count(
        string name, string unit, string what, string? key, string? tag, Func<RequestCounters, long> read) =>
        FeatureMetric.Count<RequestsFeature>(
            name, unit, what, key is null ? null : (key, tag!), requests => read(requests.Protocol.Counters));
}
