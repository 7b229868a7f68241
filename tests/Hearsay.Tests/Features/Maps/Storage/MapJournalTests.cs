using Hearsay.Tests.Transport;
using Microsoft.Extensions.Logging.Testing;

namespace Hearsay.Tests.Features.Maps.Storage;

/// <summary>Nodes over a disk that is slow, full or damaged.</summary>
public sealed class MapJournalTests
{
    private static readonly MapOptions s_quick = new() { CycleTime = TimeSpan.FromMilliseconds(50) };

    private readonly MemoryMapStorage _disk = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_disk_is_slow_the_node_goes_on_and_nothing_is_shown_or_told_that_is_not_durable()
    {
        await using var nodes = new LiveNodes();
        var (first, second) = (await StartAsync(nodes), await StartAsync(nodes, hasDisk: false));
        await nodes.ViewsHoldAsync(1);
        await first.GetMap("m").SetAsync("before", "1", WriteConcern.Nodes(1), Cancellation);
        _disk.Gate.Reset();
        var (commits, map) = (_disk.Commits, first.GetMap("m"));
        var writes = Enumerable.Range(0, 100).Select(i => map.SetAsync(
            $"{i}", "v", cancellationToken: Cancellation)).ToArray();

        // What others write comes here meanwhile, and this node answers.
        var few = await Assert.ThrowsAsync<WriteConcernException>(() => second.GetMap("m").SetAsync(
            "other", "2", WriteConcern.Nodes(1, TimeSpan.FromSeconds(1)), Cancellation));
        Assert.Empty(few.Nodes);
        Assert.DoesNotContain(writes, static write => write.IsCompleted);
        Assert.Equal((false, false), (map.TryGet("0", out _), second.GetMap("m").TryGet("0", out _)));
        Assert.Single(map.Entries());

        _disk.Gate.Set();
        await Task.WhenAll(writes);
        await Eventually.TrueAsync(() => second.GetMap("m").Snapshot().Count == 102
            && first.GetMap("m").Snapshot().Count == 102, "both have everything");
        Assert.InRange(_disk.Commits - commits, 1, 20);
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_and_not_the_node()
    {
        using var log = new FakeLoggerProvider();
        await using var nodes = new LiveNodes();
        var (first, second) = (
            await StartAsync(nodes, options => options with { LoggerFactory = LiveNodes.Logging(log) }),
            await StartAsync(nodes, hasDisk: false));
        await nodes.ViewsHoldAsync(1);
        var map = first.GetMap("m");
        await map.SetAsync("k", "1", WriteConcern.Nodes(1), Cancellation);
        var root = (await map.ReadStatusAsync(Cancellation)).Root;

        _disk.IsFull = true;
        var writes = Enumerable.Range(0, 20).Select(i => Assert.ThrowsAsync<IOException>(
            () => map.SetAsync(i % 2 == 0 ? "k" : $"{i}", "2", cancellationToken: Cancellation)));
        await Task.WhenAll(writes);
        Assert.Equal("1", Assert.Single(map.Entries()).Text);
        Assert.Equal(root, (await map.ReadStatusAsync(Cancellation)).Root);
        await second.GetMap("m").SetAsync("other", "3", cancellationToken: Cancellation);
        await Task.Delay(200, Cancellation);
        Assert.False(map.TryGet("other", out _));

        _disk.IsFull = false;
        await map.SetAsync("k", "4", WriteConcern.Nodes(1), Cancellation);
        await Eventually.TrueAsync(() => map.TryGet("other", out _), "what the other wrote comes by an exchange");
        Assert.Equal("4", second.GetMap("m").Entries("k").Single().Text);
        await Eventually.TrueAsync(
            () => log.Collector.GetSnapshot().Count(static line => line.Id.Id is 36 or 37) >= 2, "the log has both");
    }

    [Fact]
    public async Task A_damaged_row_comes_back_from_another_node_and_takes_no_other_with_it()
    {
        await using var nodes = new LiveNodes();
        var second = await StartAsync(nodes, hasDisk: false);
        var first = await StartAsync(nodes);
        await nodes.ViewsHoldAsync(1);
        for (var i = 0; i < 10; i++)
        {
            await first.GetMap("m").SetAsync($"{i}", $"value {i}", WriteConcern.Nodes(1), Cancellation);
        }

        await first.DisposeAsync();
        var rows = _disk.Keys("m").Where(static key => key[0] == 'R').ToArray();
        _disk["m", rows[0]][^1] ^= 1;
        _disk["m", rows[1]] = [1, 2, 3];
        _disk.Remove("m", rows[2]);
        var again = await StartAsync(nodes);
        await Eventually.TrueAsync(() => again.GetMap("m").Snapshot().Count == 10, "all rows are back");
        await Eventually.TrueAsync(
            () => again.GetMap("m").ReadStatusAsync(Cancellation).Result.IsTrusted, "it is trusted again");
        Assert.Equal(
            Enumerable.Range(0, 10).Select(static i => $"{i} = value {i}"),
            again.GetMap("m").Entries().Select(static entry => $"{entry}"));
        Assert.Equal(10, second.GetMap("m").Snapshot().Count);
    }

    [Theory]
    [InlineData('C')]
    [InlineData('L')]
    public async Task A_store_without_its_claims_or_its_log_removes_nothing(char kind)
    {
        await using var nodes = new LiveNodes();
        await StartAsync(nodes, hasDisk: false);
        var first = await StartAsync(nodes);
        await nodes.ViewsHoldAsync(1);
        await first.GetMap("m").SetAsync("gone", "x", WriteConcern.Nodes(1), Cancellation);
        await first.GetMap("m").SetAsync("k", "v", WriteConcern.Nodes(1), Cancellation);
        await first.GetMap("m").RemoveAsync("gone", WriteConcern.Nodes(1), Cancellation);
        await first.DisposeAsync();
        foreach (var key in _disk.Keys("m").Where(key => key[0] == kind))
        {
            _disk["m", key][^1] ^= 1;
        }

        var again = (await StartAsync(nodes)).GetMap("m");
        await again.SetAsync("l", "w", WriteConcern.Nodes(1), Cancellation);
        var others = nodes.First.GetMap("m");
        await Eventually.TrueAsync(
            () => others.ReadStatusAsync(Cancellation).Result.Root == again.ReadStatusAsync(Cancellation).Result.Root,
            "both are equal");
        Assert.Equal(["k = v", "l = w"], again.Entries().Select(static entry => $"{entry}"));
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_or_read_fails_the_start_and_frees_the_port()
    {
        var options = new GossipNodeOptions { Bind = "127.0.0.1:0", Maps = s_quick, MapStorage = new Broken(false) };
        var error = await Assert.ThrowsAsync<IOException>(() => GossipNode.StartAsync(options, Cancellation));
        Assert.Equal("Broken.", error.Message);
        var unreadable = new Broken(true);
        await Assert.ThrowsAsync<IOException>(
            () => GossipNode.StartAsync(options with { MapStorage = unreadable }, Cancellation));
        Assert.True(unreadable.IsClosed);
    }

    private Task<GossipNode> StartAsync(
        LiveNodes nodes, Func<GossipNodeOptions, GossipNodeOptions>? change = null, bool hasDisk = true)
    {
        var options = nodes.Options with { Maps = s_quick, MapStorage = hasDisk ? _disk : null };
        return nodes.StartAsync(change?.Invoke(options) ?? options);
    }

    private sealed class Broken(bool opens) : IMapStorage, IMapStore
    {
        public bool IsClosed { get; private set; }

        public IReadOnlyList<string> Maps => ["m"];

        public IMapStore Open() => opens ? this : throw new IOException("Broken.");

        public IEnumerable<MapRecord> Read(string map) => throw new IOException("Broken.");

        public void Commit(IReadOnlyList<MapRecordChange> changes) => throw new IOException("Broken.");

        public void Dispose() => IsClosed = true;
    }
}
