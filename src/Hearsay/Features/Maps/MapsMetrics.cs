using Hearsay.Features.Contract;

namespace Hearsay.Features.Maps;

/// <summary>The numbers of replicated maps.</summary>
internal static class MapsMetrics
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FeatureMetric> All => [.. Held(), .. Events(), .. Exchanges(), .. Bounds()];

    private static IEnumerable<FeatureMetric> Held()
    {
        yield return FeatureMetric.Level<MapsFeature>(
            "hearsay.maps.held", "{map}", "Maps that nodes hold.", null, static maps => maps.Protocol.MapCount);
        yield return FeatureMetric.Level<MapsFeature>(
            "hearsay.maps.rows", "{row}", "Rows of all maps: values, shares of counters, elements and flags.", null,
            static maps => maps.Protocol.RowCount);
        yield return FeatureMetric.Level<MapsFeature>(
            "hearsay.maps.size", "By", "Keys and values of all maps.", null, static maps => maps.Service.Bytes);
        yield return FeatureMetric.Largest<MapsFeature>(
            "hearsay.maps.lag", "s", "How long ago the map furthest behind was known to have what a peer has.",
            static maps => maps.Lag.Ticks);
        yield return FeatureMetric.Count<MapsFeature>(
            "hearsay.maps.missed", "{change}", "Changes that a watcher of this node missed and was told of.", null,
            static maps => maps.Service.Missed);
    }

    private static IEnumerable<FeatureMetric> Events()
    {
        FeatureMetric Event(string outcome, Func<MapCounters, long> read) => Count(
            "hearsay.maps.events", "{event}", "Writes and removals by what became of them.", "hearsay.outcome", outcome,
            read);
        yield return Event("written", static counters => counters.Written);
        yield return Event("expired", static counters => counters.Expired);
        yield return Event("applied", static counters => counters.Applied);
        yield return Event("duplicate", static counters => counters.AlreadySeen);
        yield return Event("left_to_exchange", static counters => counters.LeftToExchange);
        yield return Event("not_pushed", static counters => counters.NotPushed);
    }

    private static IEnumerable<FeatureMetric> Exchanges()
    {
        FeatureMetric Exchange(string kind, Func<MapCounters, long> read) => Count(
            "hearsay.maps.exchanges", "{exchange}", "Exchanges that this node completed, by how it found what differs.",
            "hearsay.kind", kind, read);
        yield return Exchange("context", static counters => counters.ContextExchanges);
        yield return Exchange("sketch", static counters => counters.SketchExchanges);
        yield return Exchange("digests", static counters => counters.DigestExchanges);
        yield return Exchange("snapshot", static counters => counters.SnapshotExchanges);
        FeatureMetric Message(string kind, Func<MapCounters, long> read) => Count(
            "hearsay.maps.messages", "{item}", "Heartbeats, exchanges that were begun or answered, and rows.",
            "hearsay.kind", kind, read);
        yield return Message("heartbeat", static counters => counters.HeartbeatsSent);
        yield return Message("difference", static counters => counters.Differences);
        yield return Message("begun", static counters => counters.ExchangesBegun);
        yield return Message("served", static counters => counters.ExchangesServed);
        yield return Message("left_to_broadcast", static counters => counters.LeftToBroadcast);
        yield return Message("row", static counters => counters.RowsReceived);
        FeatureMetric Bytes(string direction, Func<MapCounters, long> read) => Count(
            "hearsay.maps.io", "By", "Bytes of frames, without those of broadcast.", "network.io.direction", direction,
            read);
        yield return Bytes("receive", static counters => counters.BytesReceived);
        yield return Bytes("transmit", static counters => counters.BytesSent);
    }

    private static IEnumerable<FeatureMetric> Bounds()
    {
        FeatureMetric Drop(string reason, Func<MapCounters, long> read) => Count(
            "hearsay.maps.dropped", "{item}", "Frames, exchanges and maps that were not used.", "hearsay.reason",
            reason, read);
        yield return Drop("malformed", static counters => counters.Malformed);
        yield return Drop("unproven", static counters => counters.Unproven);
        yield return Drop("stray", static counters => counters.Strays);
        yield return Drop("cut", static counters => counters.ExchangesCut);
        yield return Drop("root_mismatch", static counters => counters.RootMismatches);
        yield return Drop("too_large", static counters => counters.TooLarge);
        yield return Drop("busy", static counters => counters.Refused);
        yield return Drop("too_many_maps", static counters => counters.MapsRefused);
        yield return Drop("too_many_epochs", static counters => counters.EventsRefused + counters.ContextsRefused);
        FeatureMetric Fault(string reason, Func<MapCounters, long> read) => Count(
            "hearsay.maps.faults", "{fault}", "Stores that failed, and maps that met a damaged row.", "hearsay.reason",
            reason, read);
        yield return Fault("store", static counters => counters.StoreFailures);
        yield return Fault("damage", static counters => counters.TrustLost);
    }

    private static FeatureMetric Count(
        string name, string unit, string what, string key, string tag, Func<MapCounters, long> read) =>
        FeatureMetric.Count<MapsFeature>(name, unit, what, (key, tag), maps => read(maps.Protocol.Counters));
}
