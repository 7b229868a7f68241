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
