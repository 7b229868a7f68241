using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Hearsay.Features.Contract;
using Hearsay.Metrics;
using Hearsay.Protocols;
using Hearsay.Protocols.Sampling.Exchange;
using Hearsay.Protocols.Wire;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Metrics;

public sealed class HearsayMetricsTests
{
    [Fact]
    public async Task Every_instrument_is_on_its_page_with_its_unit_and_exactly_the_values_of_its_tag()
    {
        await using var nodes = new LiveNodes();
        await nodes.StartAsync(); // Some instruments come with the first node.
        var rows = Rows();
        var tags = NodeMetric.All.ToLookup(metric => metric.Name, metric => metric.Tag);
        var instruments = Instruments();

        Assert.Equal(instruments.Select(instrument => instrument.Name).Order(), rows.Keys.Order());
        foreach (var instrument in instruments)
        {
            var (units, tag) = rows[instrument.Name];
            Assert.Contains(instrument.Unit, units);
            var values = tags[instrument.Name].OfType<(string Key, string Value)>().ToArray();
            var expected = values.Length == 0
                ? string.Empty
                : $"`{values[0].Key}` = {string.Join(", ", values.Select(value => value.Value).Order())}";
            Assert.Equal(expected, Sorted(tag));
        }
    }

    [Fact]
    public async Task The_meter_shows_exchanges_drops_traffic_samples_and_views_of_a_cluster()
    {
        const string Cluster = "metrics-test";
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync(Bare(nodes, Cluster));
        var second = await nodes.StartAsync(Bare(nodes, Cluster));
        await first.WaitForPeersAsync();
        await second.WaitForPeersAsync();
        Assert.True(first.TryGetPeer(out _));
        await RawSockets.SendDatagramAsync(first.LocalAddress, [1, 2, 3]);
        await RawSockets.SendDatagramAsync(first.LocalAddress, Packet("another-cluster", 0));
        await RawSockets.SendDatagramAsync(first.LocalAddress, Packet("another-cluster", 1));
        await RawSockets.SendDatagramAsync(first.LocalAddress, Packet(Cluster, 99));
        await Eventually.TrueAsync(
            () => first.Counters.ExchangesCompleted > 0 && second.Counters.ExchangesCompleted > 0
                && first.Counters.Dropped(DropReason.UnknownType) > 0,
            "exchanges, and the last of the packets");

        var values = Read(Cluster);

        // At least: a node of another test may have known this port.
        Assert.True(values["hearsay.dropped/malformed"] >= 1);
        Assert.True(values["hearsay.dropped/wrong_cluster"] >= 2);
        Assert.True(values["hearsay.dropped/unknown_type"] >= 1);
        Assert.True(values["hearsay.exchanges/completed"] >= 2);
        Assert.True(values["hearsay.cycles"] > 0);
        Assert.True(values["hearsay.packets.received/udp"] >= values["hearsay.exchanges/completed"] + 4);
        Assert.True(values["hearsay.bytes.sent/udp"] > 50 * values["hearsay.packets.sent/udp"]);
        Assert.Equal(1, values["hearsay.samples/fresh"] + values["hearsay.samples/fallback"]);
        Assert.Equal(2, values["hearsay.nodes"]);
        Assert.Equal(1, values["hearsay.view.size"]);
        Assert.True(values["hearsay.round_trip"] is > 0 and < 1);

        await second.LeaveAsync();
        var later = Read(Cluster);
        Assert.Equal(1, later["hearsay.nodes"]);
        string[] gauges =
        [
            "hearsay.nodes", "hearsay.view.size", "hearsay.view.age", "hearsay.round_trip", "hearsay.samples.age",
            .. NodeMetric.All.Where(static metric => metric.Kind != FeatureMetricKind.Count)
                .Select(static metric => metric.Name),
        ];
        Assert.All(
            values.Where(value => !gauges.Contains(value.Key.Split('/')[0])),
            value => Assert.True(later[value.Key] >= value.Value, $"{value.Key} does not fall when a node stops"));
        await first.LeaveAsync();
        Assert.True(Read(Cluster)["hearsay.exchanges/completed"] >= values["hearsay.exchanges/completed"]);
    }

    [Fact]
    public async Task Samples_and_cycles_are_those_the_nodes_counted()
    {
        const string Cluster = "metrics-sums";
        await using var nodes = new LiveNodes(new MemoryNetwork());
        await nodes.StartAsync(Bare(nodes, Cluster));
        await nodes.StartAsync(Bare(nodes, Cluster));
        await nodes.ViewsHoldAsync(1);
        Assert.All(nodes.All, node => Assert.True(node.TryGetPeer(out _)));
        Assert.True(nodes.First.TryGetPeer(out _, out var again));
        await Task.WhenAll(nodes.All.Select(node => node.LeaveAsync()));

        var values = Read(Cluster);

        Assert.Equal(SampleOrigin.Fallback, again);
        Assert.Equal(2, values["hearsay.samples/fresh"]);
        Assert.Equal(1, values["hearsay.samples/fallback"]);
        Assert.Equal(nodes.All.Sum(node => node.Counters.Cycles), values["hearsay.cycles"]);
        Assert.Equal(
            nodes.All.Sum(node => node.Datagrams.Counters.PacketsSent), values["hearsay.packets.sent/udp"]);
    }

    [Fact]
    public async Task What_the_guard_and_the_credit_of_links_count_is_on_the_meter()
    {
        const string Cluster = "metrics-guard";
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var first = await nodes.StartAsync(nodes.Options with { Cluster = Cluster });
        var second = await nodes.StartAsync(nodes.Options with { Cluster = Cluster });
        await nodes.ViewsHoldAsync(1);
        await first.GetTopic("t").PublishAsync("the first waits for a link");

        // Far more at once than a link takes unconfirmed.
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => first.GetTopic("t").PublishAsync("x")));
        await Task.WhenAll(nodes.All.Select(node => node.LeaveAsync()));

        var values = Read(Cluster);

        Assert.True(values["hearsay.addresses/proven"] >= 2);
        Assert.True(values["hearsay.broadcast.flow/publish_waited"] > 100);
        foreach (var (name, read) in new (string, Func<NodeCounters, long>)[]
        {
            ("hearsay.addresses/proven", static counters => counters.AddressesProven),
            ("hearsay.addresses/forgotten", static counters => counters.AddressesForgotten),
            ("hearsay.sends.guarded/look", static counters => counters.Looks),
            ("hearsay.sends.guarded/held", static counters => counters.SendsHeld),
            ("hearsay.sends.guarded/refused", static counters => counters.SendsRefused),
        })
        {
            Assert.Equal(read(first.Counters) + read(second.Counters), values[name]);
        }

        foreach (var (name, read) in new (string, Func<BroadcastCounters, long>)[]
        {
            ("hearsay.broadcast.flow/publish_waited", static counters => counters.PublishesDelayed),
            ("hearsay.broadcast.flow/publish_refused", static counters => counters.PublishesRefused),
            ("hearsay.broadcast.flow/push_waited", static counters => counters.PushesDelayed),
            ("hearsay.broadcast.flow/push_skipped", static counters => counters.PushesSkipped),
            ("hearsay.broadcast.flow/lost_on_link", static counters => counters.LinkLosses),
            ("hearsay.broadcast.links.left", static counters => counters.LinksLeftBehind),
            ("hearsay.broadcast.dropped/not_sent_on", static counters => counters.NotSentOn),
            ("hearsay.broadcast.dropped/message_lost", static counters => counters.MessagesLost),
        })
        {
            Assert.Equal(
                read(first.Topics!.Broadcast.Counters) + read(second.Topics!.Broadcast.Counters), values[name]);
        }
    }

    [Fact]
    public async Task What_rumors_count_is_on_the_meter()
    {
        const string Cluster = "metrics-rumors";
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var options = new RumorOptions { CycleTime = TimeSpan.FromMilliseconds(50), MaximumAgeCycles = 1_000 };
        options = options with { MemoryCapacity = options.NewPerCycle * options.MaximumAgeCycles };
        var first = await nodes.StartAsync(Bare(nodes, Cluster) with { Rumors = options });
        var second = await nodes.StartAsync(Bare(nodes, Cluster) with { Rumors = options });
        await nodes.ViewsHoldAsync(1);
        await first.Rumors.SpreadAsync("news");
        await Eventually.TrueAsync(() => second.Rumors.Counters.Duplicates > 0, "it goes to and fro");
        Assert.Equal(2, Read(Cluster)["hearsay.rumors.held/known"]);
        await Task.WhenAll(nodes.All.Select(node => node.LeaveAsync()));

        var values = Read(Cluster);

        Assert.Equal((1, 1), (values["hearsay.rumors.messages/begun"], values["hearsay.rumors.messages/heard"]));
        Assert.False(values.ContainsKey("hearsay.rumors.held/known") && values["hearsay.rumors.held/known"] > 0);
        foreach (var (name, read) in new (string, Func<RumorCounters, long>)[]
        {
            ("hearsay.rumors.messages/duplicate", static counters => counters.Duplicates),
            ("hearsay.rumors.sent/copy", static counters => counters.CopiesSent),
            ("hearsay.rumors.sent/request", static counters => counters.RequestsSent),
            ("hearsay.rumors.sent/feedback", static counters => counters.FeedbacksSent),
            ("hearsay.rumors.dropped/stray_answer", static counters => counters.Strays),
        })
        {
            Assert.Equal(read(first.Rumors.Counters) + read(second.Rumors.Counters), values[name]);
        }
    }

    [Fact]
    public async Task What_maps_count_is_on_the_meter()
    {
        const string Cluster = "metrics-maps";
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var options = new MapOptions { CycleTime = TimeSpan.FromMilliseconds(50) };
        var first = await nodes.StartAsync(Bare(nodes, Cluster) with { Maps = options });
        var second = await nodes.StartAsync(Bare(nodes, Cluster) with { Maps = options });
        await nodes.ViewsHoldAsync(1);
        await first.GetMap("m").SetAsync("key", "value", WriteConcern.Nodes(1));
        Assert.Equal((2, 2), (Read(Cluster)["hearsay.maps.held"], Read(Cluster)["hearsay.maps.rows"]));
        Assert.True(Read(Cluster)["hearsay.maps.size"] > 16);
        await Task.WhenAll(nodes.All.Select(node => node.LeaveAsync()));

        var values = Read(Cluster);

        Assert.Equal((1, 1), (values["hearsay.maps.events/written"], values["hearsay.maps.events/not_pushed"]));
        Assert.True(values["hearsay.maps.exchanges/context"] + values["hearsay.maps.exchanges/snapshot"] > 0);
        Assert.True(values["hearsay.maps.messages/heartbeat"] > 0 && values["hearsay.maps.messages/served"] > 0);
        Assert.True(values["hearsay.maps.io/transmit"] > 0 && values["hearsay.maps.io/receive"] > 0);
        Assert.Equal(0, values["hearsay.maps.dropped/malformed"]);
    }

    /// <summary>What a small network hardly ever counts is told all the same, and under its own name.</summary>
    [Fact]
    public async Task Each_counter_of_peer_sampling_moves_its_own_number_and_no_other()
    {
        const long Much = 1_000_000;
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var node = await nodes.StartAsync(nodes.Options with { Broadcast = null, Aggregation = null });
        var before = Numbers(node);
        foreach (var (name, add) in new (string, Action<NodeCounters>)[]
        {
            ("hearsay.exchanges/completed", static counters => counters.ExchangesCompleted += Much),
            ("hearsay.exchanges/timed_out", static counters => counters.ExchangesTimedOut += Much),
            ("hearsay.exchanges/misdirected", static counters => counters.ExchangesMisdirected += Much),
            ("hearsay.exchanges/answered_late", static counters => counters.LateAnswers += Much),
            ("hearsay.exchanges/answered", static counters => counters.ExchangesAnswered += Much),
            ("hearsay.cycles", static counters => counters.Cycles += Much),
            ("hearsay.evictions", static counters => counters.Evictions += Much),
            ("hearsay.departures", static counters => counters.Departures += Much),
            ("hearsay.joins", static counters => counters.JoinAttempts += Much),
            ("hearsay.recontacts", static counters => counters.Recontacts += Much),
            ("hearsay.refutations", static counters => counters.Refutations += Much),
            ("hearsay.reroutes", static counters => counters.Reroutes += Much),
            ("hearsay.routes.forgotten", static counters => counters.RoutesForgotten += Much),
            ("hearsay.protocol.faults", static counters => counters.ProtocolFaults += Much),
            ("hearsay.addresses/forgotten", static counters => counters.AddressesForgotten += Much),
            ("hearsay.sends.guarded/refused", static counters => counters.SendsRefused += Much),
            ("hearsay.sends.guarded/held", static counters => counters.SendsHeld += Much),
        })
        {
            add(node.Counters);
            var after = Numbers(node);
            // The node goes on, and counts a few itself.
            var moved = after.Where(number => number.Value - before[number.Key] >= Much);
            Assert.Equal([name], moved.Select(static number => number.Key));
            before = after;
        }
    }

    private static Dictionary<string, long> Numbers(GossipNode node) => NodeMetric.All
        .Where(static metric => metric.Name != "hearsay.loop.late")
        .ToDictionary(
            static metric => metric.Tag is { } tag ? $"{metric.Name}/{tag.Value}" : metric.Name,
            metric => metric.Read(node));

    /// <summary>Nothing but peer sampling, so that nobody else draws.</summary>
    private static GossipNodeOptions Bare(LiveNodes nodes, string cluster) =>
        nodes.Options with { Cluster = cluster, Broadcast = null, Aggregation = null };

    /// <summary>A packet that is whole, with one frame of a type.</summary>
    private static byte[] Packet(string cluster, byte type)
    {
        var writer = new WireWriter(new byte[Envelope.MaximumDatagramBytes]);
        writer.WriteZeros(Envelope.SizeBytes);
        var start = Frame.Begin(ref writer, SamplingMessage.Protocol, type);
        writer.WriteUInt64(type);
        Frame.End(ref writer, start);
        Envelope.Seal(writer.Written, Envelope.LabelOf(cluster), new NodeId(9, 9));
        return writer.Written.ToArray();
    }

    /// <summary>The table of the page: units and tag by instrument.</summary>
    private static Dictionary<string, (string[] Units, string Tag)> Rows()
    {
        var rows = new Dictionary<string, (string[], string)>();
        foreach (var line in File.ReadAllLines(Repository.PathOf("docs", "metrics.md")))
        {
            if (line.Split('|', StringSplitOptions.TrimEntries) is [_, ['`', ..] names, var units, var tag, ..])
            {
                // Those of learning come with its package, whose tests compare them.
                foreach (var name in names.Split(", ").Where(
                    static name => !name.StartsWith("`hearsay.learning.", StringComparison.Ordinal)))
                {
                    rows.Add(name.Trim('`'), (units.Split(", "), tag));
                }
            }
        }

        return rows;
    }

    private static string Sorted(string tag) => tag.Split(" = ") is [var key, var values]
        ? $"{key} = {string.Join(", ", values.Split(", ").Order())}" : tag;

    private static List<Instrument> Instruments()
    {
        var instruments = new List<Instrument>();
        RuntimeHelpers.RunClassConstructor(typeof(HearsayMetrics).TypeHandle);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                // Tests of features bring numbers of their own, and others a factory of meters.
                if (instrument.Meter is { Name: HearsayMetrics.MeterName, Scope: null }
                    && instrument.Name.StartsWith("hearsay.", StringComparison.Ordinal))
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();
        return instruments;
    }

    /// <summary>Every instrument's value for a cluster, by name and second tag.</summary>
    private static Dictionary<string, double> Read(string cluster)
    {
        var values = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Hearsay")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length > 0 && tags[0].Value as string == cluster)
            {
                values[tags.Length > 1 ? $"{instrument.Name}/{tags[1].Value}" : instrument.Name] = value;
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }
}
