using System.Diagnostics.Metrics;
using Hearsay.Observability;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Observability;

public sealed class HearsayMetricsTests
{
    [Fact]
    public void Every_instrument_is_on_its_page_with_every_value_of_its_tag()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hearsay.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This is not run inside the repository.");
        }

        var page = File.ReadAllLines(Path.Combine(folder.FullName, "docs", "metrics.md"));
        foreach (var metric in NodeMetric.All)
        {
            var row = Assert.Single(
                page, line => line.Split('|') is [_, var names, ..] && names.Contains($"`{metric.Name}`"));
            Assert.True(
                metric.Tag is not { } tag || row.Contains(tag.Value) || row.Contains("..."),
                $"{metric.Name} lacks {metric.Tag?.Value}");
        }
    }

    [Fact]
    public async Task The_meter_shows_exchanges_drops_traffic_samples_and_views_of_a_cluster()
    {
        const string Cluster = "metrics-test";
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync(nodes.Options with { Cluster = Cluster });
        var second = await nodes.StartAsync(nodes.Options with { Cluster = Cluster });
        await first.WaitForPeersAsync();
        await second.WaitForPeersAsync();
        Assert.True(first.TryGetPeer(out _));
        await RawSockets.SendDatagramAsync(first.LocalAddress, [1, 2, 3]);
        await RawSockets.SendDatagramAsync(first.LocalAddress, new byte[64]);
        await Eventually.TrueAsync(
            () => first.Counters.ExchangesCompleted > 0 && first.Datagrams.Counters.PacketsReceived > 4, "exchanges");

        var values = Read(Cluster);

        Assert.True(values["hearsay.exchanges/completed"] > 0);
        Assert.True(values["hearsay.cycles"] > 0);
        Assert.True(values["hearsay.packets.received/udp"] > 0);
        Assert.True(values["hearsay.bytes.sent/udp"] > values["hearsay.packets.sent/udp"]);
        Assert.True(values["hearsay.samples/fresh"] > 0);
        Assert.Equal(2, values["hearsay.nodes"]);
        Assert.Equal(1, values["hearsay.view.size"]);
        Assert.True(values["hearsay.round_trip"] is > 0 and < 1);
        Assert.True(
            values.Where(value => value.Key.StartsWith("hearsay.dropped/")).Sum(value => value.Value) >= 1, "drops");
        Assert.Contains("hearsay.dropped/wrong_cluster", values.Keys);

        await second.LeaveAsync();
        var later = Read(Cluster);
        Assert.Equal(1, later["hearsay.nodes"]);
        Assert.All(
            values.Where(value => value.Key.StartsWith("hearsay.exchanges") || value.Key.StartsWith("hearsay.packets")),
            value => Assert.True(later[value.Key] >= value.Value, $"{value.Key} does not fall when a node stops"));
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
