using System.Text;

namespace Hearsay.Tests.Features.Maps.Storage;

/// <summary>What every storage of maps must do, by itself and under a node.</summary>
public abstract class MapStorageConformance
{
    private static readonly MapOptions s_quick = new() { CycleTime = TimeSpan.FromMilliseconds(100) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A storage without anything; the same one in all of a test.</summary>
    protected abstract IMapStorage Storage { get; }

    [Fact]
    public void A_new_store_has_nothing()
    {
        using var store = Storage.Open();
        Assert.Empty(store.Maps);
        Assert.Empty(store.Read("m"));
    }

    [Fact]
    public void Records_come_back_by_map_in_the_order_of_their_keys()
    {
        using (var store = Storage.Open())
        {
            store.Commit([Put("ä", [9, 0], [1]), Put("ä", [9], []), Put("b", [255], [2]), Put("ä", [0, 7], [3, 3])]);
            Check(store);
        }

        using var again = Storage.Open();
        Check(again);

        static void Check(IMapStore store)
        {
            Assert.Equal(["b", "ä"], store.Maps.Order(StringComparer.Ordinal));
            Assert.Equal(["0007=0303", "09=", "0900=01"], Records(store, "ä"));
            Assert.Equal(["FF=02"], Records(store, "b"));
        }
    }

    [Fact]
    public void The_changes_of_a_commit_are_done_in_their_order()
    {
        using var store = Storage.Open();
        store.Commit(
            [Put("m", [1], [1]), Put("m", [2], [2]), Remove("m", [1]), Put("m", [3], [3]), Put("m", [3], [4])]);
        store.Commit([Remove("m", [2]), Put("m", [2], [5]), Remove("m", [7])]);
        Assert.Equal(["02=05", "03=04"], Records(store, "m"));
    }

    [Fact]
    public void The_longest_keys_and_values_fit()
    {
        var (key, value) = (new byte[8_300], new byte[17 << 20]);
        key.AsSpan().Fill(0xEE);
        Random.Shared.NextBytes(value);
        var name = new string('n', MapOptions.LongestNameBytes);
        using (var store = Storage.Open())
        {
            store.Commit([Put(name, key, value)]);
        }

        using var again = Storage.Open();
        var record = Assert.Single(again.Read(name));
        Assert.True(record.Key.Span.SequenceEqual(key) && record.Value.Span.SequenceEqual(value));
    }

    [Fact]
    public async Task What_a_node_has_written_outlives_it()
    {
        MapStatus before;
        await using (var node = await StartAsync())
        {
            await WriteSomeAsync(node.GetMap("m"));
            await node.GetMap("other").SetAsync("k", "v", cancellationToken: Cancellation);
            before = await node.GetMap("m").ReadStatusAsync(Cancellation);
        }

        await using var again = await StartAsync();
        Assert.Equal(before, await again.GetMap("m").ReadStatusAsync(Cancellation));
        AssertSome(again.GetMap("m"));
        Assert.True(again.GetMap("other").TryGet("k", out var other));
        Assert.Equal("v", other.Text);
    }

    [Fact]
    public async Task A_node_that_starts_again_goes_on_writing_and_a_counter_adds_up()
    {
        for (var start = 0; start < 3; start++)
        {
            await using var node = await StartAsync();
            var map = node.GetMap("m");
            await map.IncrementAsync("count", cancellationToken: Cancellation);
            await map.SetAsync("last", $"{start}", cancellationToken: Cancellation);
            Assert.True(map.TryGet("count", out var count));
            Assert.True(map.TryGet("last", out var last));
            Assert.Equal((start + 1, $"{start}"), (count.Count, last.Text));
            Assert.Single(last.Values);
        }
    }

    [Fact]
    public async Task Writes_of_many_writers_are_all_there_afterwards()
    {
        await using (var node = await StartAsync())
        {
            var map = node.GetMap("m");
            await Task.WhenAll(Enumerable.Range(0, 200).Select(async writer =>
            {
                for (var i = 0; i < 5; i++)
                {
                    await map.SetAsync($"{writer}", $"{i}", cancellationToken: Cancellation);
                    Assert.True(map.TryGet($"{writer}", out var entry));
                    Assert.Equal($"{i}", entry.Text);
                }
            }));
        }

        await using var again = await StartAsync();
        var entries = again.GetMap("m").Entries().ToArray();
        Assert.Equal(200, entries.Length);
        Assert.All(entries, static entry => Assert.Equal("4", entry.Text));
    }

    protected static MapRecordChange Put(string map, byte[] key, byte[] value) => new(map, key, value);

    protected static MapRecordChange Remove(string map, byte[] key) => new(map, key, null);

    protected static IEnumerable<string> Records(IMapStore store, string map) => store.Read(map)
        .Select(record => $"{Convert.ToHexString(record.Key.Span)}={Convert.ToHexString(record.Value.Span)}");

    protected Task<GossipNode> StartAsync() => GossipNode.StartAsync(
        new GossipNodeOptions
        {
            Bind = "127.0.0.1:0", RandomSeed = LiveSeed.Next(), Maps = s_quick, MapStorage = Storage,
        }, Cancellation);

    private static async Task WriteSomeAsync(GossipMap map)
    {
        await map.SetAsync("text", "old", cancellationToken: Cancellation);
        await map.SetAsync("text", "new", cancellationToken: Cancellation);
        await map.SetAsync("bytes", Encoding.UTF8.GetBytes("\0\u0001ä"), cancellationToken: Cancellation);
        await map.IncrementAsync("count", 5, cancellationToken: Cancellation);
        await map.IncrementAsync("count", -2, cancellationToken: Cancellation);
        await map.AddAsync("set", "a", cancellationToken: Cancellation);
        await map.AddAsync("set", "b", cancellationToken: Cancellation);
        await map.RemoveAsync("set", "a", cancellationToken: Cancellation);
        await map.RaiseAsync("flag", cancellationToken: Cancellation);
        await map.SetAsync("gone", "x", cancellationToken: Cancellation);
        await map.RemoveAsync("gone", cancellationToken: Cancellation);
        await map.WriteAsync(
            new MapBatch().Set("b1", "1").Set("b2", "2").Remove("bytes"), cancellationToken: Cancellation);
    }

    private static void AssertSome(GossipMap map)
    {
        Assert.Equal(
            ["b1 = 1", "b2 = 2", "count = 3", "flag (raised)", "set = {b}", "text = new"],
            map.Entries().Select(static entry => $"{entry}"));
    }
}
