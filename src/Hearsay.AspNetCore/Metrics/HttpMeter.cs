using System.Diagnostics.Metrics;
using Hearsay.AspNetCore.Limits;

namespace Hearsay.AspNetCore.Metrics;

/// <summary>The meter <c>Hearsay.Http</c>: what the service counts of itself.</summary>
internal static class HttpMeter
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Hearsay.Http";

    /// <summary>Makes the instruments.</summary>
    /// <param name="counters">What the service counts.</param>
    /// <param name="waiting">Requests of other nodes that wait for a caller who takes them.</param>
    public static Meter Create(HttpCounters counters, Func<long> waiting)
    {
        var meter = new Meter(Name);
        meter.CreateObservableCounter(
            "hearsay.http.calls", () => counters.Calls, "{call}", "Calls of the HTTP service.");
        meter.CreateObservableCounter(
            "hearsay.http.refused", () => Refused(counters), "{call}", "Calls that were refused, by reason.");
        meter.CreateObservableCounter(
            "hearsay.http.faults", () => counters.Faults, "{call}", "Calls that ran into a defect of the service.");
        meter.CreateObservableUpDownCounter(
            "hearsay.http.streams", () => counters.Streams, "{stream}", "Event streams that are open.");
        meter.CreateObservableUpDownCounter(
            "hearsay.http.bodies", () => counters.Bodies.UsedBytes, "By",
            "Bytes of bodies of calls that are read, or in use, at the moment.");
        meter.CreateObservableUpDownCounter(
            "hearsay.http.requests.waiting", waiting, "{request}",
            "Requests of other nodes that wait for a program that takes them.");
        meter.CreateObservableCounter(
            "hearsay.http.events.missed", () => counters.EventsMissed, "{event}",
            "Events that readers of streams missed and were told of.");
        meter.CreateObservableCounter(
            "hearsay.http.streams.stalled", () => counters.Stalled, "{stream}",
            "Event streams closed because their reader took nothing.");
        meter.CreateObservableCounter(
            "hearsay.http.connections.displaced", () => counters.Displaced(), "{connection}",
            "Idle connections closed because new ones needed their places.");
        return meter;
    }

    private static Measurement<long>[] Refused(HttpCounters counters) =>
    [
        Of("unauthorized", counters.Unauthorized), Of("foreign", counters.Foreign),
        Of("invalid", counters.Invalid), Of("too_large", counters.TooLarge),
        Of("too_many", counters.TooMany), Of("full", counters.Full),
    ];

    private static Measurement<long> Of(string reason, long count) =>
        new(count, new KeyValuePair<string, object?>("hearsay.reason", reason));
}
