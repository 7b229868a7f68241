using System.Diagnostics.Metrics;
using Hearsay.Metrics;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Metrics;

public sealed class NodeDiagnosticsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_has_every_number_of_the_meter_for_this_node_alone()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(3);
        await nodes.ViewsHoldAsync(2);
        var (publisher, other) = (nodes.First, nodes.All[1]);
        await publisher.GetTopic("t").WaitForNeighboursAsync(1, Cancellation);
        await publisher.GetTopic("t").PublishAsync("x", Cancellation);
        await publisher.GetTopic("t").PublishAsync("y", Cancellation);
        await Eventually.TrueAsync(() => publisher.Counters.Cycles > 0, "a cycle");

        var snapshot = publisher.GetDiagnostics();

        Assert.Equal(
            NodeMetric.All.Select(static metric => (metric.Name, metric.Tag?.Key, metric.Tag?.Value)).Order(),
            snapshot.Measurements.Select(static one => (one.Name, one.Tag, one.TagValue)).Order());
        Assert.Equal((2, 0), (
            snapshot.Sum("hearsay.broadcast.messages", "published"),
            other.GetDiagnostics().Sum("hearsay.broadcast.messages", "published")));
        Assert.InRange(snapshot.Sum("hearsay.cycles"), 1, publisher.Counters.Cycles);
        Assert.True(snapshot.Sum("hearsay.packets.sent") > 0);
        Assert.Equal((publisher.Id, 2), (snapshot.Id, snapshot.ViewCount));
        Assert.Throws<KeyNotFoundException>(() => snapshot.Sum("hearsay.cycles", "none"));
    }

    [Fact]
    public async Task A_snapshot_has_the_histograms_of_this_node_alone()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(2);
        await nodes.ViewsHoldAsync(1);
        var (publisher, other) = (nodes.First, nodes.All[1]);
        await using var inbox = other.GetTopic("t").Subscribe();
        await publisher.GetTopic("t").WaitForNeighboursAsync(1, Cancellation);
        for (var i = 0; i < 3; i++)
        {
            await publisher.GetTopic("t").PublishAsync("x", Cancellation);
        }

        await Eventually.TrueAsync(() => Delays(other).Count == 3, "the messages came");
        var delays = Delays(other);
        Assert.Equal(("s", delays.Bounds.Count + 1), (delays.Unit, delays.Counts.Count));
        Assert.True(delays.Sum >= 0 && delays.BoundOf(0.5) <= delays.BoundOf(1));
        Assert.Equal((0L, 0.0), (Delays(publisher).Count, Delays(publisher).BoundOf(0.99)));
    }

    [Fact]
    public void The_bound_of_a_share_is_that_of_the_bucket_it_falls_into()
    {
        var histogram = new NodeHistogram("n", "s", [1, 2, 4], [1, 0, 2, 1], 20, "d");
        Assert.Equal((4, 5.0), (histogram.Count, histogram.Mean));
        double[] shares = [0, 0.25, 0.5, 0.75, 0.8];
        Assert.Equal([1, 1, 4, 4, double.PositiveInfinity], shares.Select(histogram.BoundOf));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.BoundOf(1.1));
    }

    [Fact]
    public async Task How_samplers_are_is_told_by_state_and_the_lag_of_a_map_once_it_was_compared()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var maps = new MapOptions { CycleTime = TimeSpan.FromMilliseconds(50) };
        var first = await nodes.StartAsync(nodes.Options with { Maps = maps });
        Assert.Equal(0, first.GetDiagnostics().Sum("hearsay.maps.lag"));
        var idle = first.GetDiagnostics().Sum("hearsay.samplers.active", "idle");
        using (first.CreateSampler(SamplingPolicy.Head))
        {
            Assert.Equal(idle + 1, first.GetDiagnostics().Sum("hearsay.samplers.active", "idle"));
        }

        var second = await nodes.StartAsync(nodes.Options with { Maps = maps });
        await first.WaitForPeersAsync(1, Cancellation).WaitAsync(Eventually.Deadline, Cancellation);
        await first.GetMap("m").SetAsync("k", "v", cancellationToken: Cancellation);
        await Eventually.TrueAsync(
            () => second.GetMap("m").TryGet("k", out _) && second.GetDiagnostics().Sum("hearsay.maps.lag") > 0,
            "the map was compared");
        using var sampler = first.CreateSampler(SamplingPolicy.Head);
        for (var i = 0; i < 1_000; i++)
        {
            sampler.TryGetPeer(out _);
        }

        Assert.True(first.GetDiagnostics().Sum("hearsay.samplers.active", "ahead") >= 1);
        await first.LeaveAsync(Cancellation);
        var alone = second.GetDiagnostics().Sum("hearsay.maps.lag");
        await Eventually.TrueAsync(
            () => second.GetDiagnostics().Sum("hearsay.maps.lag") > alone + 0.5, "it grows while nobody is there");
    }

    private static NodeHistogram Delays(GossipNode node) =>
        node.GetDiagnostics().Histograms.Single(static one => one.Name == "hearsay.broadcast.propagation");

    [Fact]
    public async Task Nodes_that_are_given_a_factory_show_their_sums_on_its_meter_and_nowhere_else()
    {
        using var factory = new OwnMeters();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var first = await nodes.StartAsync(nodes.Options with { Cluster = "own-meter", MeterFactory = factory });
        await nodes.StartAsync(nodes.Options with { Cluster = "own-meter", MeterFactory = factory });
        await first.WaitForPeersAsync(1, Cancellation).WaitAsync(Eventually.Deadline, Cancellation);

        var meter = Assert.Single(factory.Meters);
        Assert.Equal(HearsayMetrics.MeterName, meter.Name);
        Assert.Equal([(meter, 2L)], Nodes());

        await first.LeaveAsync(Cancellation);
        Assert.Equal([(meter, 1L)], Nodes());
    }

    [Fact]
    public void Nodes_that_start_at_once_share_the_instruments_of_a_factory()
    {
        for (var round = 0; round < 20; round++)
        {
            using var factory = new OwnMeters();
            var found = new HearsayMetrics[8];
            var threads = found.Select((_, place) => new Thread(() => found[place] = HearsayMetrics.For(factory)))
                .ToArray();
            Array.ForEach(threads, static thread => thread.Start());
            Array.ForEach(threads, static thread => thread.Join());

            Assert.All(found, metrics => Assert.Same(found[0], metrics));
            Assert.Single(factory.Meters);
        }
    }

    /// <summary>What every meter in the process shows as the number of nodes of this test's cluster.</summary>
    private static List<(Meter Meter, long Count)> Nodes()
    {
        var found = new List<(Meter, long)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "hearsay.nodes")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (tags[0].Value as string == "own-meter")
            {
                found.Add((instrument.Meter, (long)value));
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return found;
    }

    private sealed class OwnMeters : IMeterFactory
    {
        public List<Meter> Meters { get; } = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            Meters.Add(meter);
            return meter;
        }

        public void Dispose() => Meters.ForEach(static meter => meter.Dispose());
    }
}
