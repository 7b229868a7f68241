using System.Diagnostics.Metrics;
using Hearsay.Features;
using Hearsay.Features.Contract;
using Hearsay.Features.Topics;
using Hearsay.Protocols;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Contract;

/// <summary>
/// A feature that this assembly brings in one file and a list runs as those of Hearsay do, without a change to any file
/// of the node.
/// </summary>
public sealed class SampleFeatureTests
{
    private static readonly IReadOnlyList<FeatureDescription> s_all = [.. NodeFeatures.All, SampleFeature.Description];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_protocol_runs_and_its_events_come_to_it()
    {
        await using var nodes = new Pair();
        await nodes.StartAsync("sample-runs");
        var sample = nodes.First.Feature<SampleFeature>()!;

        await Eventually.TrueAsync(() => sample.Heard > 2 && nodes.Second.Feature<SampleFeature>()!.Heard > 2, "hello");

        Assert.Same(nodes.First.Loop, sample.Host!.Loop);
        await nodes.First.LeaveAsync();
        Assert.Equal(sample.Heard, sample.Events.Count);
        Assert.All(
            sample.Events, static happened => Assert.Equal((SampleFeature.ProtocolId, (object)"hello"), happened));
    }

    [Fact]
    public async Task Its_numbers_are_on_the_meter_and_what_stopped_nodes_counted_stays()
    {
        const string Cluster = "sample-metrics";
        await using var nodes = new Pair();
        await nodes.StartAsync(Cluster);
        var samples = nodes.All.Select(static node => node.Feature<SampleFeature>()!).ToArray();
        await Eventually.TrueAsync(() => samples.All(static sample => sample.Heard > 0), "hello");
        Assert.Equal(2, Read(Cluster)["sample.here"]);

        await nodes.Second.LeaveAsync();
        Assert.Equal(1, Read(Cluster)["sample.here"]);
        await nodes.First.LeaveAsync();

        var values = Read(Cluster);
        Assert.Equal(samples.Sum(static sample => sample.Heard), values["sample.heard/anyone"]);
        Assert.False(values.GetValueOrDefault("sample.here") > 0);
    }

    [Fact]
    public async Task Its_errors_keep_a_node_from_starting()
    {
        var options = new GossipNodeOptions { Cluster = "nowhere" };
        Assert.Empty(GossipNodeValidation.Errors(options));
        Assert.Equal(["Cluster must be somewhere, not nowhere."], GossipNodeValidation.Errors(options, s_all));
        var thrown = await Assert.ThrowsAsync<ArgumentException>(
            () => GossipNode.StartWithAsync(options, s_all, Cancellation));
        Assert.Contains("somewhere", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_asked_when_the_node_leaves_and_told_when_it_has_stopped()
    {
        await using var nodes = new Pair();
        await nodes.StartAsync("sample-ends");
        var (left, crashed) = (nodes.First.Feature<SampleFeature>()!, nodes.Second.Feature<SampleFeature>()!);

        var result = await nodes.First.LeaveAsync();
        await nodes.Second.CrashAsync();

        Assert.True(result.IsKnown);
        Assert.Equal([new BroadcastId(7, 7)], result.NotHandedOver);
        Assert.Equal([$"leaves within {GossipNodeOptions.DefaultLeaveTimeout}", "stopped"], left.Ends);
        Assert.Equal(["stopped"], crashed.Ends);
        Assert.IsType<ObjectDisposedException>(left.Ending!.ToException());
    }

    [Fact]
    public async Task It_hears_why_a_node_stopped_by_itself()
    {
        using var directory = new TemporaryDirectory();
        using var copied = new TemporaryDirectory();
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var original = await nodes.StartAsync(nodes.Options with { DataDirectory = directory.Path });
        directory.CopyIdentityTo(copied);
        await using var clone = await GossipNode.StartWithAsync(
            nodes.Options with { DataDirectory = copied.Path, OnIdConflict = IdConflictAction.Stop }, s_all,
            Cancellation);
        var sample = clone.Feature<SampleFeature>()!;

        await Assert.ThrowsAsync<IdConflictException>(() => clone.Completion.WaitAsync(Eventually.Deadline));
        await clone.LeaveAsync();

        Assert.Equal([nameof(ObjectDisposedException)], sample.Ends);
        Assert.IsType<IdConflictException>(sample.Ending!.ToException().InnerException);
    }

    [Fact]
    public async Task A_node_whose_options_leave_it_out_runs_without_it_and_with_all_others()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        await using var node = await GossipNode.StartWithAsync(
            nodes.Options with { Metadata = "off"u8.ToArray() }, s_all, Cancellation);
        Assert.Null(node.Feature<SampleFeature>());
        Assert.NotNull(node.Feature<TopicsFeature>());
        foreach (var running in node.Loop.Core.Protocols)
        {
            Assert.NotEqual(SampleFeature.ProtocolId, running.Id);
        }
    }

    private static Dictionary<string, long> Read(string cluster)
    {
        var values = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Hearsay"
                    && instrument.Name.StartsWith("sample.", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags[0].Value as string == cluster)
            {
                values[tags.Length > 1 ? $"{instrument.Name}/{tags[1].Value}" : instrument.Name] = value;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }

    /// <summary>Two nodes of the longer list, with nothing else beside peer sampling.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly MemoryNetwork _network = new();
        private readonly List<GossipNode> _nodes = [];

        public IReadOnlyList<GossipNode> All => _nodes;

        public GossipNode First => _nodes[0];

        public GossipNode Second => _nodes[1];

        public async Task StartAsync(string cluster)
        {
            for (var i = 0; i < 2; i++)
            {
                _nodes.Add(await GossipNode.StartWithAsync(
                    new GossipNodeOptions
                    {
                        Bind = $"{_network.NewAddress()}",
                        Network = _network,
                        Cluster = cluster,
                        RandomSeed = LiveSeed.Next(),
                        Sampling = LiveNodes.Quick,
                        Seeds = i == 0 ? [] : [$"{First.LocalAddress}"],
                        Broadcast = null,
                        Aggregation = null,
                    },
                    s_all, Cancellation));
            }

            await Second.WaitForPeersAsync(1, Cancellation);
        }

        public async ValueTask DisposeAsync() =>
            await Task.WhenAll(_nodes.Select(static node => node.DisposeAsync().AsTask()));
    }
}
