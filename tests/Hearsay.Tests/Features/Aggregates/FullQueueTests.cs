using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Aggregates;

/// <summary>
/// A node whose handler hangs takes no command any more: nothing that was asked of it is lost in silence.
/// </summary>
public sealed class FullQueueTests
{
    private static readonly AggregationOptions Quick = new()
    {
        CycleTime = TimeSpan.FromMilliseconds(20), CyclesPerEpoch = 8, ExpiryEpochs = 1,
    };

    [Fact]
    public async Task What_cannot_be_defined_now_throws_and_can_be_defined_later()
    {
        await using var full = await StartAsync();
        Assert.Throws<HearsayException>(() => full.Node.GetAggregate("x").Average(() => 1));
        Assert.Empty(full.Node.GetAggregate("x").Definitions);
        full.GoOn();
        await Eventually.TrueAsync(() => full.Node.Loop.CommandsRefused > 0 && Defined(full.Node), "it can be defined");
    }

    [Fact]
    public async Task What_is_released_meanwhile_is_forgotten_as_soon_as_the_node_goes_on()
    {
        await using var full = await StartAsync(node => node.GetAggregate("x").Average(() => 1));
        Assert.Single(full.Node.GetAggregate("x").Definitions);
        full.Aggregate!.Dispose();
        full.GoOn();
        await Eventually.TrueAsync(() => full.Node.GetAggregate("x").Definitions.Count == 0, "it is forgotten");
        await Eventually.TrueAsync(
            () => full.Node.Aggregates!.Aggregation.Table.Slots.IsEmpty, "the protocol has forgotten it too");
    }

    [Fact]
    public async Task Defined_again_after_it_was_released_it_is_what_was_said_last()
    {
        await using var full = await StartAsync(node => node.GetAggregate("x").Average(() => 1));
        full.Aggregate!.Dispose();
        Assert.Throws<HearsayException>(() => full.Node.GetAggregate("x").Average(() => 2));
        full.GoOn();
        Aggregate? again = null;
        await Eventually.TrueAsync(
            () =>
            {
                try
                {
                    again ??= full.Node.GetAggregate("x").Average(() => 2);
                    return true;
                }
                catch (HearsayException)
                {
                    return false;
                }
            },
            "it is defined again");
        await Eventually.TrueAsync(() => again!.Final is { IsReady: true, Value: 2 }, "and counts");
        again!.Dispose();
    }

    [Fact]
    public async Task A_reader_of_the_view_that_goes_away_meanwhile_is_noticed_with_the_next_change()
    {
        using var gone = new CancellationTokenSource();
        var reading = Task.CompletedTask;
        await using var full = await StartAsync(node =>
        {
            reading = Task.Run(async () =>
            {
                await foreach (var _ in node.WatchViewAsync(gone.Token))
                {
                }
            });
            Assert.True(SpinWait.SpinUntil(() => node.Loop.Core.ReportsViewChanges, Eventually.Deadline));
            return null;
        });
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        full.GoOn();
        await full.StartOtherAsync();
        await Eventually.TrueAsync(
            () => full.Node.ViewCount == 1 && !full.Node.Loop.Core.ReportsViewChanges, "nobody is told any more");
    }

    private static bool Defined(GossipNode node)
    {
        try
        {
            node.GetAggregate("x").Average(() => 1);
            return true;
        }
        catch (HearsayException)
        {
            return false;
        }
    }

    private static async Task<FullNode> StartAsync(Func<GossipNode, Aggregate?>? before = null)
    {
        var full = new FullNode();
        await full.StartAsync(before);
        return full;
    }

    /// <summary>One whose loop hangs in a handler and whose queue is full.</summary>
    private sealed class FullNode : IAsyncDisposable
    {
        private readonly ManualResetEventSlim _goOn = new();
        private readonly LiveNodes _nodes = new(new MemoryNetwork());

        public GossipNode Node => _nodes.First;

        public Aggregate? Aggregate { get; private set; }

        public async Task StartAsync(Func<GossipNode, Aggregate?>? before)
        {
            using var hangs = new ManualResetEventSlim();
            var protocol = new TestProtocol
            {
                OnCommand = command =>
                {
                    if (command is "hang")
                    {
                        hangs.Set();
                        _goOn.Wait();
                    }
                },
            };
            await _nodes.StartAsync(_nodes.Options with { Aggregation = Quick, Protocols = [protocol] });
            Aggregate = before?.Invoke(Node);
            await Eventually.TrueAsync(
                () => Aggregate is null || Aggregate.Final.IsReady, "what was defined before is known");
            Assert.True(Node.Post(200, "hang"));
            Assert.True(hangs.Wait(Eventually.Deadline));
            while (Node.Post(200, "more"))
            {
            }

            Assert.True(Node.Loop.CommandsRefused > 0);
        }

        public Task<GossipNode> StartOtherAsync() => _nodes.StartAsync();

        public void GoOn() => _goOn.Set();

        public async ValueTask DisposeAsync()
        {
            GoOn();
            await _nodes.DisposeAsync();
            _goOn.Dispose();
        }
    }
}
