using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hearsay.Diagnostics;
using Hearsay.Features.Topics;
using Hearsay.Protocols;

namespace Hearsay.Tests.Diagnostics;

/// <summary>Listeners are those of the process.</summary>
[CollectionDefinition(nameof(NodeTracingTests), DisableParallelization = true)]
[Collection(nameof(NodeTracingTests))]
public sealed class NodeTracingTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly Activity _root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
    private readonly ActivityListener _listener;

    public NodeTracingTests()
    {
        _root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        _root.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == NodeTracing.SourceName,
            Sample = (ref options) => options.Parent.TraceId == _root.TraceId
                ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _root.Dispose();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100_000)]
    public async Task A_delivery_on_another_node_belongs_to_the_trace_of_the_publisher(int bytes)
    {
        await using var pair = await PairAsync();
        await using var inbox = pair.Other.GetTopic("prices").Subscribe();
        var published = await pair.One.GetTopic("prices").PublishAsync(new byte[bytes], Cancellation);
        await foreach (var message in inbox.WithCancellation(Cancellation))
        {
            Assert.Equal(bytes, message.Payload.Length);
            break;
        }

        var (publish, deliver) = (await EndedAsync("publish prices"), await EndedAsync("deliver prices"));
        Assert.Equal(_root.TraceId, publish.TraceId);
        Assert.Equal(_root.SpanId, publish.ParentSpanId);
        Assert.Equal(_root.TraceId, deliver.TraceId);
        Assert.Equal(publish.SpanId, deliver.ParentSpanId);
        Assert.True(deliver.HasRemoteParent);
        Assert.Equal(ActivityKind.Consumer, deliver.Kind);
        Assert.Equal($"{published.Id}", deliver.GetTagItem("messaging.message.id"));
        Assert.Equal($"{pair.One.Id}", deliver.GetTagItem("hearsay.origin"));
        Assert.InRange(deliver.Duration, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_handler_of_another_node_runs_in_the_trace_of_the_asker()
    {
        await using var pair = await PairAsync();
        ActivityTraceId inside = default;
        using var handler = pair.Other.HandleRequests("load", (request, _) =>
        {
            inside = Activity.Current?.TraceId ?? default;
            return request.Text == "cpu"
                ? ValueTask.FromResult<ReadOnlyMemory<byte>>("0.7"u8.ToArray()) : throw new InvalidOperationException();
        });
        Assert.Equal("0.7", (await pair.One.RequestAsync(pair.One.GetView()[0], "load", "cpu", Cancellation)).Text);
        Assert.Equal(_root.TraceId, inside);
        var (ask, answer) = (await EndedAsync("ask load"), await EndedAsync("answer load"));
        Assert.Equal(ask.SpanId, answer.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Unset, answer.Status);

        _ended.Clear();
        await Assert.ThrowsAsync<RequestException>(() =>
            pair.One.RequestAsync(pair.One.GetView()[0], "load", "disk", Cancellation));
        Assert.Equal(ActivityStatusCode.Error, (await EndedAsync("ask load")).Status);
        Assert.Equal(ActivityStatusCode.Error, (await EndedAsync("answer load")).Status);
    }

    [Fact]
    public async Task What_is_not_recorded_carries_nothing_and_makes_nothing()
    {
        await using var pair = await PairAsync();
        await using var inbox = pair.Other.GetTopic("prices").Subscribe();
        _root.Stop();
        Assert.Null(Activity.Current);
        await pair.One.GetTopic("prices").PublishAsync("plain", Cancellation);
        await foreach (var message in inbox.WithCancellation(Cancellation))
        {
            Assert.Equal("plain", message.Text);
            break;
        }

        Assert.Empty(_ended);
    }

    [Fact]
    public async Task The_time_that_messages_travel_is_a_histogram()
    {
        using var listener = new MeterListener();
        var values = new ConcurrentQueue<double>();
        listener.InstrumentPublished = static (instrument, own) =>
        {
            if (instrument.Name == PropagationDelays.Name)
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            if (Equals(tags[0].Value, "tracing"))
            {
                values.Enqueue(value);
            }
        });
        listener.Start();
        await using var pair = await PairAsync();
        await using var inbox = pair.Other.GetTopic("prices").Subscribe();
        await pair.One.GetTopic("prices").PublishAsync("EUR", Cancellation);
        await foreach (var message in inbox.WithCancellation(Cancellation))
        {
            // The publisher's own copy does not count.
            Assert.Equal(message.Age.TotalSeconds, Assert.Single(values));
            break;
        }
    }

    private async Task<Activity> EndedAsync(string name)
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            if (_ended.FirstOrDefault(activity => activity.OperationName == name) is { } found)
            {
                return found;
            }

            await Task.Delay(20, Cancellation);
        }

        throw new InvalidOperationException(
            $"No '{name}' among {string.Join(", ", _ended.Select(activity => activity.OperationName))}");
    }

    private static async Task<Pair> PairAsync()
    {
        var options = new GossipNodeOptions
        {
            Bind = "127.0.0.1:0", Cluster = "tracing", Aggregation = null, RandomSeed = LiveSeed.Next(),
            Sampling = PeerSamplingOptions.Recommended with { CycleTime = TimeSpan.FromMilliseconds(100) },
        };
        var one = await GossipNode.StartAsync(options, Cancellation);
        var other = await GossipNode.StartAsync(
            options with { Seeds = [$"{one.LocalAddress}"], RandomSeed = LiveSeed.Next() }, Cancellation);
        await one.WaitForPeersAsync(1, Cancellation);
        await one.GetTopic("prices").WaitForNeighboursAsync(1, Cancellation);
        await other.GetTopic("prices").WaitForNeighboursAsync(1, Cancellation);
        return new Pair(one, other);
    }

    private sealed record Pair(GossipNode One, GossipNode Other) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await One.DisposeAsync();
            await Other.DisposeAsync();
        }
    }
}
