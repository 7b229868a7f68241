using System.Text;
using System.Text.Json.Serialization;
using Hearsay.Features.Maps;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Maps;

public sealed partial class GossipMapTests
{
    private static readonly MapOptions s_quick = new() { CycleTime = TimeSpan.FromMilliseconds(100) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the README and the page of the protocol show.</summary>
    [Fact]
    public async Task The_program_of_the_page_is_seen_on_the_other_node()
    {
        await using var nodes = new LiveNodes();
        var first = await nodes.StartAsync(nodes.Options with { Maps = new MapOptions() });
        var second = await nodes.StartAsync(nodes.Options with { Maps = new MapOptions() });
        await nodes.ViewsHoldAsync(1);

        var config = first.GetMap("config");
        await config.SetAsync("colour", "green", WriteConcern.Nodes(1), Cancellation);
        Assert.True(second.GetMap("config").TryGet("colour", out var entry));
        Assert.Equal("green", entry.Text);
    }

    [Fact]
    public async Task The_program_of_the_readme_does_what_it_says()
    {
        await using var nodes = await StartAsync(2);
        var node = nodes.First;
        var config = node.GetMap("config");
        await config.SetAsync("colour", "green", WriteConcern.Nodes(1));
        await config.IncrementAsync("visits");
        Assert.True(config.TryGet("colour", out var entry));
        Assert.Equal("green", entry.Text);
        await foreach (var update in config.WatchAsync("col"))
        {
            Assert.Equal("colour = green", $"{update.Entry}");
            break;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_any_node_writes_every_node_has(bool withBroadcast)
    {
        await using var nodes = await StartAsync(6, withBroadcast: withBroadcast);
        var maps = Maps(nodes);
        for (var i = 0; i < 6; i++)
        {
            await maps[i].SetAsync($"key {i}", $"value {i}", cancellationToken: Cancellation);
            await maps[i].IncrementAsync("count", i, cancellationToken: Cancellation);
            await maps[i].AddAsync("set", $"e{i}", cancellationToken: Cancellation);
        }

        await maps[2].RaiseAsync("flag", cancellationToken: Cancellation);
        await EqualAsync(maps);
        foreach (var map in maps)
        {
            Assert.Equal(["count", "flag", "key 0", "key 1", "key 2", "key 3", "key 4", "key 5", "set"],
                map.Entries().Select(static entry => entry.Key));
            Assert.Equal(["value 0", "value 1", "value 2", "value 3", "value 4", "value 5"],
                map.Entries("key ").Select(static entry => entry.Text));
            Assert.True(map.TryGet("count", out var count));
            Assert.Equal(15, count.Count);
            Assert.True(map.TryGet("set", out var set));
            Assert.Equal(["e0", "e1", "e2", "e3", "e4", "e5"], set.Elements);
            Assert.True(map.TryGet("flag", out var flag));
            Assert.True(flag is { IsRaised: true, HasValue: false });
        }

        Assert.False((await maps[5].RemoveAsync("nothing", cancellationToken: Cancellation)).IsChanged);
        Assert.True((await maps[5].RemoveAsync("key 0", cancellationToken: Cancellation)).IsChanged);
        await maps[4].RemoveAsync("set", "e0", cancellationToken: Cancellation);
        await maps[3].RemoveAsync("flag", cancellationToken: Cancellation);
        await EqualAsync(maps);
        Assert.All(maps, static map => Assert.False(map.TryGet("key 0", out _) || map.TryGet("flag", out _)));
        Assert.All(maps, static map => Assert.Equal(5, map.Entries("set").Single().Elements.Count));
    }

    [Fact]
    public async Task A_batch_is_seen_whole_and_may_hold_json()
    {
        await using var nodes = await StartAsync(2);
        var maps = Maps(nodes);
        var batch = new MapBatch().Set("a", "1").Set("b", new Point(1, 2), Types.Default.Point).Increment("c", 7);
        Assert.True((await maps[0].WriteAsync(batch, WriteConcern.Nodes(1), Cancellation)).IsChanged);
        var snapshot = maps[1].Snapshot();
        Assert.Equal(3, snapshot.Count);
        Assert.True(snapshot.TryGet("b", out var entry));
        Assert.Equal(new Point(1, 2), entry.Json(Types.Default.Point));
        await maps[1].RemoveAsync("b", cancellationToken: Cancellation);
        Assert.True(snapshot.TryGet("b", out _));
        Assert.False(maps[1].TryGet("b", out _));
        var twice = new MapBatch().Set("x", "1").Set("x", "2");
        await Assert.ThrowsAsync<ArgumentException>(() => maps[0].WriteAsync(twice, cancellationToken: Cancellation));
        Assert.False((await maps[0].WriteAsync(new MapBatch(), cancellationToken: Cancellation)).IsChanged);
    }

    [Fact]
    public async Task Who_watches_gets_the_state_first_and_then_every_change_in_order()
    {
        await using var nodes = await StartAsync(2);
        var maps = Maps(nodes);
        await maps[0].SetAsync("a/1", "one", WriteConcern.Nodes(1), Cancellation);
        await maps[0].SetAsync("b/1", "other", WriteConcern.Nodes(1), Cancellation);
        var updates = maps[1].WatchAsync("a/").GetAsyncEnumerator(Cancellation);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(("a/1", true, "one"), (updates.Current.Key, updates.Current.IsState, updates.Current.Entry?.Text));

        await maps[0].SetAsync("a/2", "two", cancellationToken: Cancellation);
        await maps[0].SetAsync("b/2", "other", cancellationToken: Cancellation);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(
            ("a/2", false, "two"), (updates.Current.Key, updates.Current.IsState, updates.Current.Entry?.Text));
        await maps[0].RemoveAsync("a/1", cancellationToken: Cancellation);
        Assert.True(await updates.MoveNextAsync());
        Assert.True(updates.Current is { Key: "a/1", IsRemoved: true, IsLagged: false });

        var rest = updates.MoveNextAsync();
        await nodes.All[1].LeaveAsync();
        Assert.False(await rest);
    }

    [Fact]
    public async Task A_watcher_that_lags_is_told_how_many_changes_it_missed()
    {
        await using var nodes = await StartAsync(1);
        var map = nodes.First.GetMap("m");
        await map.SetAsync("k", "0", cancellationToken: Cancellation);
        var updates = map.WatchAsync(capacity: 2).GetAsyncEnumerator(Cancellation);
        Assert.True(await updates.MoveNextAsync());
        for (var i = 1; i <= 5; i++)
        {
            await map.SetAsync("k", $"{i}", cancellationToken: Cancellation);
        }

        var seen = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await updates.MoveNextAsync());
            seen.Add(updates.Current.IsLagged ? $"missed {updates.Current.Missed}" : updates.Current.Entry!.Text);
        }

        Assert.Equal(["1", "2", "missed 3"], seen);
        await updates.DisposeAsync();
    }

    [Fact]
    public async Task A_write_waits_for_the_nodes_that_it_asks_for_and_names_them()
    {
        await using var nodes = await StartAsync(4);
        var maps = Maps(nodes);
        var written = await maps[0].SetAsync("k", "v", WriteConcern.Nodes(3), Cancellation);
        Assert.Equal(
            nodes.All.Skip(1).Select(static node => node.Id).Order(), written.Nodes.Order());
        Assert.All(maps, static map => Assert.True(map.TryGet("k", out _)));

        var failed = await Assert.ThrowsAsync<WriteConcernException>(() => maps[0].SetAsync(
            "k", "w", WriteConcern.Nodes(4, TimeSpan.FromSeconds(1)), Cancellation));
        Assert.Equal((4, 3), (failed.Wanted, failed.Nodes.Count));
        Assert.True(maps[0].TryGet("k", out var stays));
        Assert.Equal("w", stays.Text);
    }

    [Fact]
    public async Task The_last_write_of_a_node_is_elsewhere_before_it_leaves()
    {
        await using var nodes = await StartAsync(3);
        var maps = Maps(nodes);
        await maps[0].SetAsync("last", new string('x', 500_000), cancellationToken: Cancellation);
        await nodes.First.LeaveAsync();
        await Eventually.TrueAsync(
            () => maps[1].TryGet("last", out _) && maps[2].TryGet("last", out _), "the others have it");
    }

    [Fact]
    public async Task A_node_that_comes_later_gets_every_map_without_asking_for_it()
    {
        await using var nodes = await StartAsync(2);
        await nodes.First.GetMap("one").SetAsync("k", "1", cancellationToken: Cancellation);
        await nodes.First.GetMap("two").SetAsync("k", "2", cancellationToken: Cancellation);
        var late = await nodes.StartAsync(nodes.Options with { Maps = s_quick });
        await Eventually.TrueAsync(
            () => late.GetMap("one").TryGet("k", out _) && late.GetMap("two").TryGet("k", out _), "it has both");
    }

    [Fact]
    public async Task Limits_are_told_and_do_not_stop_what_others_wrote()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var small = await nodes.StartAsync(nodes.Options with
        {
            Maps = s_quick with { MaximumKeys = 3, MaximumBytes = 1_024, MaximumMaps = 2 },
        });
        var large = await nodes.StartAsync(nodes.Options with { Maps = s_quick });
        var (map, other) = (small.GetMap("m"), large.GetMap("m"));
        await map.SetAsync("a", "1", cancellationToken: Cancellation);
        var bytes = await Assert.ThrowsAsync<InvalidOperationException>(
            () => map.SetAsync("b", new byte[2_000], cancellationToken: Cancellation));
        Assert.Contains("MaximumBytes is 1,024", bytes.Message, StringComparison.Ordinal);
        for (var i = 0; i < 10; i++)
        {
            await other.SetAsync($"k{i}", new byte[500], cancellationToken: Cancellation);
        }

        await Eventually.TrueAsync(() => map.Snapshot().Count == 11, "it takes what others wrote");
        var keys = await Assert.ThrowsAsync<InvalidOperationException>(
            () => map.SetAsync("new", "x", cancellationToken: Cancellation));
        Assert.Contains("MaximumKeys is 3", keys.Message, StringComparison.Ordinal);
        await map.RemoveAsync("k1", cancellationToken: Cancellation);
        small.GetMap("second");
        var maps = Assert.Throws<InvalidOperationException>(() => small.GetMap("third"));
        Assert.Contains("2 maps", maps.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_counter_stays_within_64_bits()
    {
        await using var nodes = await StartAsync(1);
        var map = nodes.First.GetMap("m");
        await map.IncrementAsync("c", long.MaxValue, cancellationToken: Cancellation);
        var refused = await Assert.ThrowsAsync<CounterRangeException>(
            () => map.IncrementAsync("c", 1, cancellationToken: Cancellation));
        Assert.Contains("9223372036854775808", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CounterRangeException>(() => map.WriteAsync(
            new MapBatch().Set("x", "y").Increment("c", 1), cancellationToken: Cancellation));
        Assert.False(map.TryGet("x", out _));
        await map.Field("c", "f").IncrementAsync(1, cancellationToken: Cancellation);
        await map.IncrementAsync("c", -1, cancellationToken: Cancellation);
        await map.IncrementAsync("c", 1, cancellationToken: Cancellation);
        Assert.True(map.TryGet("c", out var entry));
        Assert.Equal((long.MaxValue, 1), (entry.Count, entry.Fields.Single().Count));
        await Assert.ThrowsAsync<FormatException>(() => map.ImportAsync(
            new MemoryStream("""{"key":"c","count":-9223372036854775808}"""u8.ToArray()), null, Cancellation));
    }

    [Fact]
    public async Task Many_writers_of_a_store_that_is_faster_than_the_node_are_not_refused()
    {
        const int Writers = 1_000;
        await using var nodes = new LiveNodes(new MemoryNetwork());
        var map = (await nodes.StartAsync(nodes.Options with
        {
            Maps = s_quick, MapStorage = new NoStorage(),
        })).GetMap("m");
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < 20; i++)
            {
                await map.SetAsync($"{writer}", $"{i}", cancellationToken: Cancellation);
            }
        }));
        Assert.Equal(Writers, map.Snapshot().Count);
        Assert.All(map.Entries(), static entry => Assert.Equal("19", entry.Text));
    }

    [Fact]
    public async Task A_read_allocates_nothing()
    {
        await using var nodes = await StartAsync(1);
        var map = nodes.First.GetMap("m");
        await map.SetAsync("key", "value", cancellationToken: Cancellation);
        var least = long.MaxValue;
        for (var round = 0; round < 3 && least > 0; round++)
        {
            var (read, before) = (0L, GC.GetAllocatedBytesForCurrentThread());
            for (var i = 0; i < 1_000; i++)
            {
                read += map.TryGet("key", out var entry) ? entry.Bytes.Length + entry.Key.Length : 0;
                read += map.TryGet("no such key", out _) ? 1 : 0;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(8_000, read);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public async Task Keys_values_names_and_batches_that_are_too_long_are_refused()
    {
        await using var nodes = await StartAsync(1);
        var map = nodes.First.GetMap("m");
        await map.SetAsync(new string('k', 1_024), new byte[1 << 20], cancellationToken: Cancellation);
        Assert.Equal(1 << 20, map.Entries().Single().Bytes.Length);
        foreach (var attempt in new Func<object>[]
        {
            () => nodes.First.GetMap(""), () => nodes.First.GetMap(new string('n', 65)),
            () => nodes.First.GetMap("\ud800"),
            () => map.SetAsync("", "v"), () => map.SetAsync(new string('k', 1_025), "v"),
            () => map.SetAsync("\ud800", "v"), () => map.SetAsync("k", "\ud800"),
            () => map.SetAsync("k", new byte[(1 << 20) + 1]), () => map.AddAsync("k", new string('e', 1_025)),
            () => map.IncrementAsync("k", long.MinValue), () => map.WatchAsync(capacity: 0),
            () => new MapBatch().Set("a", new byte[600_000]).Set("b", new byte[600_000]),
            () => Enumerable.Range(0, 257).Aggregate(new MapBatch(), static (batch, i) => batch.Raise($"{i}")),
            () => WriteConcern.Nodes(0), () => WriteConcern.Nodes(65), () => WriteConcern.Nodes(1, TimeSpan.Zero),
        })
        {
            Assert.ThrowsAny<ArgumentException>(attempt);
        }
    }

    [Fact]
    public async Task Concurrent_values_are_all_there_until_somebody_writes_again()
    {
        var network = new MemoryNetwork();
        await using var nodes = new LiveNodes(network);
        var first = await nodes.StartAsync(nodes.Options with { Maps = s_quick });
        await using var apart = await GossipNode.StartAsync(
            nodes.Options with { Maps = s_quick, Seeds = [] }, Cancellation);
        await first.GetMap("m").SetAsync("k", "one", cancellationToken: Cancellation);
        await apart.GetMap("m").SetAsync("k", "two", cancellationToken: Cancellation);
        await apart.ContactAsync([first.LocalAddress.ToString()]);
        await EqualAsync([first.GetMap("m"), apart.GetMap("m")]);
        Assert.True(first.GetMap("m").TryGet("k", out var here));
        Assert.True(apart.GetMap("m").TryGet("k", out var there));
        Assert.Equal(["one", "two"], here.Values.Select(static value => Encoding.UTF8.GetString(value.Span)).Order());
        Assert.Equal(here.Text, there.Text);
        await apart.GetMap("m").SetAsync("k", "three", WriteConcern.Nodes(1), Cancellation);
        Assert.True(first.GetMap("m").TryGet("k", out var after));
        Assert.Equal(("three", 1), (after.Text, after.Values.Count));
    }

    [Fact]
    public async Task A_node_without_maps_says_so()
    {
        await using var nodes = await new LiveNodes(new MemoryNetwork()).StartManyAsync(1);
        Assert.Throws<InvalidOperationException>(() => nodes.First.GetMap("m"));
    }

    private static GossipMap[] Maps(LiveNodes nodes) => [.. nodes.All.Select(static node => node.GetMap("m"))];

    private static async Task<LiveNodes> StartAsync(int count, bool withBroadcast = true)
    {
        var nodes = new LiveNodes(new MemoryNetwork());
        for (var i = 0; i < count; i++)
        {
            var options = nodes.Options with { Maps = s_quick };
            await nodes.StartAsync(withBroadcast ? options : options with { Broadcast = null });
        }

        await nodes.ViewsHoldAsync(count - 1);
        return nodes;
    }

    private static Task EqualAsync(IReadOnlyList<GossipMap> maps) => Eventually.TrueAsync(
        () => maps.Select(static map => map.ReadStatusAsync().GetAwaiter().GetResult())
            .Select(static status => (status.Root, status.ContextHash)).Distinct().Count() == 1,
        "the maps are equal");

    /// <summary>A disk on which a commit takes no time. It keeps nothing.</summary>
    private sealed class NoStorage : IMapStorage, IMapStore
    {
        public IReadOnlyList<string> Maps => [];

        public IMapStore Open() => this;

        public IEnumerable<MapRecord> Read(string map) => [];

        public void Commit(IReadOnlyList<MapRecordChange> changes)
        {
        }

        public void Dispose()
        {
        }
    }

    internal sealed record Point(int X, int Y);

    [JsonSerializable(typeof(Point))]
    internal sealed partial class Types : JsonSerializerContext;
}
