using Hearsay.Features;
using Hearsay.Features.Contract;
using Hearsay.Protocols;
using Hearsay.Protocols.Rotation;
using Hearsay.Protocols.Wire;
using Hearsay.Watching;

namespace Hearsay.Metrics;

/// <summary>One number of a node, with its OpenTelemetry name, unit and tag.</summary>
/// <param name="Name">The instrument.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Description">What it counts.</param>
/// <param name="Tag">A tag's key and value that tell this number from others of the instrument, or none.</param>
/// <param name="Read">Reads it from a node: a count, or a time in ticks of 100 ns.</param>
/// <param name="Kind">Whether it only grows.</param>
internal sealed record NodeMetric(
    string Name, string Unit, string Description, (string Key, string Value)? Tag, Func<IMeteredNode, long> Read,
    FeatureMetricKind Kind = FeatureMetricKind.Count)
{
    private const string Seconds = "s";

    /// <summary>Whether it is a time, to be told in seconds.</summary>
    public bool IsTime => Unit == Seconds;

    /// <summary>All of them; those of one name are one instrument, told apart by their tags.</summary>
    public static IReadOnlyList<NodeMetric> All => [.. OfNode, .. NodeFeatures.All.SelectMany(Of)];

    /// <summary>Those of the node itself, without its features.</summary>
    public static IReadOnlyList<NodeMetric> OfNode { get; } =
    [
        .. Exchanges(), .. Peers(), .. Samplers(), .. Loop(), .. Bounds(), .. Traffic(), .. Guard(), .. Security(),
        .. Drops(),
    ];

    /// <summary>Those of a feature.</summary>
    public static IEnumerable<NodeMetric> Of(FeatureDescription feature) => feature.Metrics.Select(
        static metric => new NodeMetric(
            metric.Name, metric.Unit, metric.Description, metric.Tag, node => node.Features.Read(metric), metric.Kind));

    /// <summary>This number of one node.</summary>
    public NodeMeasurement Measure(IMeteredNode node) => new(
        Name, Unit, Tag?.Key, Tag?.Value, IsTime ? Read(node) / (double)TimeSpan.TicksPerSecond : Read(node),
        Kind == FeatureMetricKind.Count, Description);

    /// <summary>The tags of this number in one cluster.</summary>
    public KeyValuePair<string, object?>[] TagsFor(string cluster) => Tag is { } tag
        ? [new("hearsay.cluster", cluster), new(tag.Key, tag.Value)]
        : [new("hearsay.cluster", cluster)];

    private static IEnumerable<NodeMetric> Exchanges()
    {
        NodeMetric Outcome(string outcome, Func<NodeCounters, long> read) => new(
            "hearsay.exchanges", "{exchange}", "Exchanges by outcome.", ("hearsay.outcome", outcome),
            node => read(node.Counters));
        yield return Outcome("completed", static counters => counters.ExchangesCompleted);
        yield return Outcome("timed_out", static counters => counters.ExchangesTimedOut);
        yield return Outcome("misdirected", static counters => counters.ExchangesMisdirected);
        yield return Outcome("answered_late", static counters => counters.LateAnswers);
        yield return Outcome("answered", static counters => counters.ExchangesAnswered);
        yield return new("hearsay.cycles", "{cycle}", "Cycles begun.", null, static node => node.Counters.Cycles);
    }

    private static IEnumerable<NodeMetric> Peers()
    {
        NodeMetric Count(string name, string unit, string description, Func<IMeteredNode, long> read) =>
            new(name, unit, description, null, read);
        yield return Count("hearsay.evictions", "{peer}", "Peers that left a view because they did not answer.",
            static node => node.Counters.Evictions);
        yield return Count("hearsay.departures", "{peer}", "Peers that said they leave.",
            static node => node.Counters.Departures);
        yield return Count("hearsay.joins", "{attempt}", "Attempts to join.", static node =>
            node.Counters.JoinAttempts);
        yield return Count("hearsay.recontacts", "{contact}", "Contacts to remembered peers and seeds.",
            static node => node.Counters.Recontacts);
        yield return Count("hearsay.refutations", "{refutation}",
            "Incarnations raised because a packet named a higher one.",
            static node => node.Counters.Refutations);
        yield return Count("hearsay.reroutes", "{peer}", "Times a peer's other address was next after a time-out.",
            static node => node.Counters.Reroutes);
        yield return Count("hearsay.routes.forgotten", "{peer}", "Peers whose answering address was forgotten.",
            static node => node.Counters.RoutesForgotten);
        yield return Count("hearsay.protocol.faults", "{fault}", "Handlers of application protocols that threw.",
            static node => node.Counters.ProtocolFaults);
        yield return Count("hearsay.commands.refused", "{command}", "Commands refused because too many waited.",
            static node => node.Loop.CommandsRefused);
        yield return Count("hearsay.commands.waiting", "{command}", "Commands that wait for the event loops.",
            static node => node.Loop.CommandsWaiting) with { Kind = FeatureMetricKind.Level };
        yield return new("hearsay.samples", "{peer}", "Peers handed out.", ("hearsay.origin", "fresh"),
            static node => node.Loop.Core.Samplers.Samples - node.Loop.Core.Samplers.Fallbacks);
        yield return new("hearsay.samples", "{peer}", "Peers handed out.", ("hearsay.origin", "fallback"),
            static node => node.Loop.Core.Samplers.Fallbacks);
    }

    /// <summary>How good the streams of peers are that consumers get.</summary>
    private static IEnumerable<NodeMetric> Samplers()
    {
        NodeMetric State(string state, Func<SamplerQuality, bool> isIn) => new(
            "hearsay.samplers.active", "{sampler}", "Samplers by how good their recent streams are.",
            ("hearsay.state", state), node => node.Loop.Core.Samplers.Qualities().Count(isIn), FeatureMetricKind.Level);
        yield return State("fresh", static quality => quality.Draws > 0 && quality.IsFreshEnough);
        yield return State("ahead", static quality => quality.Draws > 0 && !quality.IsFreshEnough);
        yield return State("idle", static quality => quality.Draws == 0);
    }

    private static IEnumerable<NodeMetric> Loop()
    {
        yield return new("hearsay.loop.stalls", "{stall}", "Times nodes came a second late or later.", null,
            static node => node.Loop.TimesLate);
        yield return new("hearsay.loop.late", Seconds, "How late they came, the present stall included.", null,
            static node => node.Loop.TimeLate.Ticks);
    }

    /// <summary>What was turned away, or gave way, because there was too much of it.</summary>
    private static IEnumerable<NodeMetric> Bounds()
    {
        yield return new("hearsay.watchers.missed", "{item}", "Changes and events watchers did not read in time.", null,
            static node => node.Events.Missed);
        yield return new("hearsay.log.dropped", "{line}", "Lines dropped because the logger was too slow.", null,
            static node => node.Events.Log.Dropped);
        NodeMetric Metadata(string reason, Func<MetadataFetches, long> read) => new(
            "hearsay.metadata.dropped", "{item}", "Fetches of metadata not begun, and answers not kept.",
            ("hearsay.reason", reason), node => read(node.Events.Fetches));
        yield return Metadata("refused", static fetches => fetches.Refused);
        yield return Metadata("forgotten", static fetches => fetches.Forgotten);
        yield return new("hearsay.samplers.refused", "{sampler}", "Samplers refused because there were too many.", null,
            static node => node.Loop.Core.Samplers.Refused);
        yield return new("hearsay.memories.forgotten", "{entry}",
            "Peers that failed or left, and contacts, forgotten because there were too many.", null,
            static node => node.Loop.Core.MemoriesForgotten);
        yield return new("hearsay.streams.waiting", "By", "Bytes that wait for TCP connections to take them.", null,
            static node => Interlocked.Read(ref node.Streams.Counters.WaitingBytes), FeatureMetricKind.Level);
        yield return new("hearsay.connections.refused", "{connection}",
            "Connections refused or closed because a bound was reached or a peer was too slow.", null,
            static node => node.Streams.Counters.ConnectionsRefused);
    }

    private static IEnumerable<NodeMetric> Traffic()
    {
        foreach (var (transport, of) in new (string, Func<IMeteredNode, Transport.TransportCounters>)[]
        {
            ("udp", static node => node.Datagrams.Counters), ("tcp", static node => node.Streams.Counters),
        })
        {
            NodeMetric Count(string name, string unit, Func<Transport.TransportCounters, long> read) =>
                new(name, unit, "Network traffic by transport.", ("network.transport", transport), node =>
                    read(of(node)));
            yield return Count("hearsay.packets.sent", "{packet}", static counters => counters.PacketsSent);
            yield return Count("hearsay.packets.received", "{packet}", static counters => counters.PacketsReceived);
            yield return Count("hearsay.bytes.sent", "By", static counters => counters.BytesSent);
            yield return Count("hearsay.bytes.received", "By", static counters => counters.BytesReceived);
            yield return Count("hearsay.sends.failed", "{packet}",
                static counters => counters.SendsFailed + counters.SendsRefused);
            yield return Count("hearsay.receives.refused", "{packet}",
                static counters => counters.ReceivesRefused + counters.ReceivesFailed);
            yield return Count("hearsay.receiver.faults", "{packet}", static counters => counters.ReceiverFaults);
        }
    }

    /// <summary>What is sent to addresses that have not proven themselves, and because of them.</summary>
    private static IEnumerable<NodeMetric> Guard()
    {
        NodeMetric Address(string change, Func<NodeCounters, long> read) => new(
            "hearsay.addresses", "{address}", "Addresses that proved themselves, and that gave way to others.",
            ("hearsay.change", change), node => read(node.Counters));
        yield return Address("proven", static counters => counters.AddressesProven);
        yield return Address("forgotten", static counters => counters.AddressesForgotten);
        NodeMetric Send(string outcome, Func<NodeCounters, long> read) => new(
            "hearsay.sends.guarded", "{packet}", "Packets for addresses that are not proven, or because of them.",
            ("hearsay.outcome", outcome), node => read(node.Counters));
        yield return Send("look", static counters => counters.Looks);
        yield return Send("held", static counters => counters.SendsHeld);
        yield return Send("refused", static counters => counters.SendsRefused);
        NodeMetric Pieced(string outcome, Func<NodeCounters, long> read) => new(
            "hearsay.pieced", "{packet}", "Packets that went in pieces, since no TCP connection could be opened.",
            ("hearsay.outcome", outcome), node => read(node.Counters));
        yield return Pieced("sent", static counters => counters.PiecedSent);
        yield return Pieced("received", static counters => counters.PiecedReceived);
        yield return Pieced("refused", static counters => counters.PiecedRefused);
        yield return Pieced("given_up", static counters => counters.PiecedGivenUp);
    }

    /// <summary>What the protection of packets costs, and what it had no room for.</summary>
    private static IEnumerable<NodeMetric> Security()
    {
        yield return new("hearsay.sessions", "{session}",
            "Sessions with other nodes, in mode key the windows against repetitions.", null,
            static node => EnvelopeOf(node).SessionCounts.Held, FeatureMetricKind.Level);
        NodeMetric Session(string change, Func<NodeEnvelope, long> read) => new(
            "hearsay.sessions.changes", "{item}", "Sessions and what led to them, by what happened.",
            ("hearsay.change", change), node => read(EnvelopeOf(node)));
        yield return Session("opened", static envelope => envelope.SessionCounts.Opened);
        yield return Session("displaced", static envelope => envelope.SessionCounts.Displaced);
        yield return Session("refused", static envelope => envelope.SessionCounts.Refused);
        yield return Session("packet_forgotten", static envelope => envelope.SessionCounts.Forgotten);
        yield return Session("challenged", static envelope => envelope.Challenges);
        yield return Session("answered", static envelope => envelope.ChallengesAnswered);
        yield return new("hearsay.signatures.verified", "{signature}",
            "Signatures of what others passed on, verified by this node.", null,
            static node => node.Loop.Core.State.Proofs?.Verified ?? 0);
        NodeMetric Keyring(string outcome, Func<KeyringCounters, long> read) => new(
            "hearsay.keyrings", "{keyring}", "Keyrings that went from node to node, by what became of them.",
            ("hearsay.outcome", outcome), node => read(node.KeyringCounters));
        yield return Keyring("changed", static counters => counters.Changed);
        yield return Keyring("sent", static counters => counters.Sent);
        yield return Keyring("refused", static counters => counters.Refused);
        yield return Keyring("throttled", static counters => counters.Throttled);
    }

    private static NodeEnvelope EnvelopeOf(IMeteredNode node) => node.Loop.Core.State.Envelope;

    private static IEnumerable<NodeMetric> Drops() => Enum.GetValues<DropReason>()
        .Where(static reason => reason != DropReason.None)
        .Select(static reason => new NodeMetric(
            "hearsay.dropped", "{item}", "Packets, frames and descriptors that were not used, by reason.",
            ("hearsay.reason", SnakeCase(reason.ToString())), node => node.Counters.Dropped(reason)));

    private static string SnakeCase(string name) => string.Concat(name.Select(
        static (letter, index) => index > 0 && char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}"
            : char.ToLowerInvariant(letter).ToString()));
}
