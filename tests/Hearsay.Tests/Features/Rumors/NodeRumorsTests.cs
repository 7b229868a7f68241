using Hearsay.Features.Rumors;
using Hearsay.Protocols;
using Hearsay.Protocols.Rumors;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Rumors;

public sealed class NodeRumorsTests
{
    /// <summary>Cycles that last longer than any test.</summary>
    private static readonly RumorOptions s_slow = new()
    {
        CycleTime = TimeSpan.FromHours(1), MemoryTime = TimeSpan.FromHours(100), NewPerCycle = 1, MaximumAgeCycles = 2,
    };

    private static readonly RumorOptions s_quick = new() { CycleTime = TimeSpan.FromMilliseconds(50) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the page of the protocol shows.</summary>
    [Fact]
    public async Task The_program_of_the_page_tells_the_other_node()
    {
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync(nodes.Options with { Rumors = new RumorOptions() });
        var second = await nodes.StartAsync(nodes.Options with { Rumors = new RumorOptions() });
        await nodes.ViewsHoldAsync(1);

        await using var heard = second.Rumors.Subscribe();
        await first.Rumors.SpreadAsync("the cache of 10.0.0.5 is full", Cancellation);
        await foreach (var rumor in heard.WithCancellation(Cancellation))
        {
            Assert.Equal("the cache of 10.0.0.5 is full", rumor.Text);
            break;
        }
    }

    [Theory]
    [InlineData(RumorMode.PushPull)]
    [InlineData(RumorMode.Pull)]
    public async Task Every_other_node_hears_every_rumor_once_and_who_began_it_does_not(RumorMode mode)
    {
        const int Count = 10;
        await using var nodes = await StartAsync(8, s_quick with { Mode = mode, K = 8 });
        var subscriptions = nodes.All.Select(static node => node.Rumors.Subscribe()).ToArray();
        var ids = new List<RumorId>();
        for (var i = 0; i < Count; i++)
        {
            ids.Add(await nodes.First.Rumors.SpreadAsync(new byte[] { (byte)i }, Cancellation));
        }

        await Eventually.TrueAsync(
            () => nodes.All.Skip(1).All(static node => node.Rumors.Counters.Heard == Count), "all heard all");
        await Task.WhenAll(nodes.All.Select(static node => node.LeaveAsync()));

        Assert.All(ids, id => Assert.Equal(nodes.First.Id, id.Origin));
        Assert.Empty(await ToEndAsync(subscriptions[0]));
        foreach (var subscription in subscriptions.Skip(1))
        {
            var rumors = await ToEndAsync(subscription);
            Assert.Equal(ids.Order(Comparer<RumorId>.Create(static (a, b) => a.Sequence.CompareTo(b.Sequence))),
                rumors.Select(static rumor => rumor.Id).OrderBy(static id => id.Sequence));
            Assert.All(rumors, rumor => Assert.Equal(rumor.Id.Sequence - 1, rumor.Payload.Span[0]));
        }
    }

    [Fact]
    public async Task A_reader_that_lags_is_told_how_many_it_missed()
    {
        var service = new RumorService(TimeProvider.System, s_quick, new RumorProtocol(s_quick), 1000);
        var told = new List<long>();
        await using var slow = service.Subscribe(3, told.Add);
        await using var other = service.Subscribe(100, null);
        for (uint i = 1; i <= 10; i++)
        {
            service.Deliver(new RumorHeard(new RumorId(new NodeId(1, 1), 1, i), new byte[] { (byte)i }, 2));
        }

        Assert.Equal(7, service.Missed);
        service.Complete(null);
        Assert.Empty(told);
        var rumors = await ToEndAsync(slow);
        Assert.Equal([1u, 2u, 3u], rumors.Select(static rumor => rumor.Id.Sequence));
        Assert.Equal([7], told);
        Assert.Equal((7, 0), (slow.Missed, other.Missed));
        Assert.Equal(10, (await ToEndAsync(other)).Count);
    }

    [Fact]
    public async Task A_rumor_waits_while_there_is_no_room_in_the_cycle()
    {
        await using var nodes = await StartAsync(1, s_quick with { NewPerCycle = 1 });
        var rumors = nodes.First.Rumors;
        var ids = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => rumors.SpreadAsync("x", Cancellation)));

        Assert.Equal(5, ids.Distinct().Count());
        Assert.Equal((5, 0), (rumors.Counters.Begun, rumors.Counters.Throttled));
    }

    [Fact]
    public async Task Who_waits_for_room_can_give_up_and_is_released_when_the_node_stops()
    {
        await using var nodes = await StartAsync(1, s_slow);
        var rumors = nodes.First.Rumors;
        await rumors.SpreadAsync("first", Cancellation);
        using var impatient = new CancellationTokenSource();
        var given = rumors.SpreadAsync("given up", impatient.Token);
        var waiting = rumors.SpreadAsync("waits", Cancellation);
        Assert.False(given.IsCompleted || waiting.IsCompleted);

        await impatient.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(impatient.Token, cancelled.CancellationToken);
        await nodes.First.LeaveAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Eventually.Deadline, Cancellation));
        Assert.Equal(1, rumors.Counters.Begun);
    }

    [Fact]
    public async Task A_rumor_that_has_just_begun_is_told_before_its_node_leaves()
    {
        await using var nodes = await StartAsync(2, new RumorOptions { Mode = RumorMode.Push });
        await using var heard = nodes.All[1].Rumors.Subscribe();

        // News of a stranger waits for a proof, which a node that has left cannot give.
        await Eventually.TrueAsync(
            () => nodes.All.All(static node => node.Counters.AddressesProven > 0 && node.ViewCount > 0),
            "the nodes know each other");
        await nodes.First.Rumors.SpreadAsync("the last words", Cancellation);
        await nodes.First.LeaveAsync();
        await Eventually.TrueAsync(() => nodes.All[1].Rumors.Counters.Heard == 1, "the other node has heard it");
        await nodes.All[1].LeaveAsync();
        Assert.Equal("the last words", Assert.Single(await ToEndAsync(heard)).Text);
    }

    [Fact]
    public async Task A_node_without_rumors_has_no_protocol_for_them_and_says_so()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        Assert.Throws<InvalidOperationException>(() => nodes.First.Rumors);
        foreach (var running in nodes.First.Loop.Core.Protocols)
        {
            Assert.NotEqual(RumorProtocol.FrameId, running.Id);
        }
    }

    [Fact]
    public async Task A_text_that_is_too_long_and_a_queue_of_no_size_are_refused()
    {
        await using var nodes = await StartAsync(1, s_slow);
        var rumors = nodes.First.Rumors;
        await Assert.ThrowsAsync<ArgumentException>(() => rumors.SpreadAsync(new byte[1_001], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => rumors.SpreadAsync("\ud800", Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => rumors.Subscribe(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => rumors.Subscribe((1 << 20) + 1));
        await rumors.SpreadAsync(new byte[1_000], Cancellation);
    }

    [Fact]
    public async Task A_node_has_so_many_subscriptions_and_each_is_read_once()
    {
        await using var nodes = await StartAsync(1, s_slow);
        var rumors = nodes.First.Rumors;
        var all = Enumerable.Range(0, 64).Select(_ => rumors.Subscribe()).ToArray();
        Assert.Throws<InvalidOperationException>(() => rumors.Subscribe());
        await all[0].DisposeAsync();
        Assert.Empty(await ToEndAsync(all[0]));
        await using var again = rumors.Subscribe();
        Assert.Throws<InvalidOperationException>(() => all[0].GetAsyncEnumerator(Cancellation));
    }

    [Fact]
    public void Its_options_are_checked_with_those_of_the_node()
    {
        var errors = GossipNodeValidation.Errors(new GossipNodeOptions { Rumors = new RumorOptions { K = 0 } });
        Assert.Equal("Rumors.K must be from 1 to 100, not 0.", Assert.Single(errors));
    }

    private static async Task<LiveNodes> StartAsync(int count, RumorOptions options)
    {
        var nodes = new LiveNodes(new MemoryNetwork());
        for (var i = 0; i < count; i++)
        {
            await nodes.StartAsync(nodes.Options with { Rumors = options, Broadcast = null, Aggregation = null });
        }

        await nodes.ViewsHoldAsync(count - 1);
        return nodes;
    }

    private static async Task<List<Rumor>> ToEndAsync(RumorSubscription subscription)
    {
        var rumors = new List<Rumor>();
        await foreach (var rumor in subscription.WithCancellation(Cancellation))
        {
            rumors.Add(rumor);
        }

        return rumors;
    }
}
