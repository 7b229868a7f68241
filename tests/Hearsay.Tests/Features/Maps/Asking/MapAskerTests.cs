using System.Text;
using Hearsay.Features.Maps;
using Hearsay.Features.Maps.Asking;
using Hearsay.Protocols;
using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Maps.Asking;

/// <summary>A node without maps asks one that has them.</summary>
public sealed class MapAskerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_entry_comes_as_the_asked_node_has_it()
    {
        await using var rig = await AskingRig.StartAsync();
        var map = rig.Map;
        await map.SetAsync("text", "v", cancellationToken: Cancellation);
        await map.SetAsync("expires", "v", TimeSpan.FromHours(1), cancellationToken: Cancellation);
        await map.SetAsync("large", new byte[MapOptions.LargestValueBytes], cancellationToken: Cancellation);
        await map.SetAsync("zero\0key", "v", cancellationToken: Cancellation);
        await map.IncrementAsync("count", -7, cancellationToken: Cancellation);
        await map.RaiseAsync("flag", cancellationToken: Cancellation);
        for (var i = 0; i < 300; i++)
        {
            await map.AddAsync("set", $"{i:D3}{new string('x', 500)}", cancellationToken: Cancellation);
        }

        await map.Field("user", "name").SetAsync("Ada", cancellationToken: Cancellation);
        await map.Field("user", "logins").IncrementAsync(3, cancellationToken: Cancellation);

        var here = map.Entries().ToArray();
        var there = await ListAsync(rig.Asker.EntriesAsync("", Cancellation));
        Assert.Equal(here.Select(Shown), there.Select(Shown));
        Assert.Equal(here.Select(static entry => entry.Key), await ListAsync(rig.Asker.KeysAsync("", Cancellation)));
        Assert.Equal(["text"], await ListAsync(rig.Asker.KeysAsync("te", Cancellation)));
        foreach (var entry in here)
        {
            Assert.Equal(Shown(entry), Shown((await rig.Asker.GetAsync(entry.Key, Cancellation))!));
        }

        Assert.Null(await rig.Asker.GetAsync("nothing", Cancellation));
        Assert.Equal(await map.ReadStatusAsync(Cancellation), await rig.Asker.StatusAsync(Cancellation));
        Assert.Equal(0, rig.Calls.Count);
    }

    /// <summary>However large the map is, one key costs what it is long.</summary>
    [Fact]
    public async Task A_get_takes_the_same_bytes_of_a_small_map_and_of_a_large_one()
    {
        await using var rig = await AskingRig.StartAsync();
        await rig.Map.SetAsync("key", "value", cancellationToken: Cancellation);
        await rig.Asker.GetAsync("key", Cancellation);
        var small = rig.Bytes;
        for (var i = 0; i < 5_000; i++)
        {
            await rig.Map.SetAsync($"other {i}", new byte[200], cancellationToken: Cancellation);
        }

        rig.Bytes = 0;
        await rig.Asker.GetAsync("key", Cancellation);
        Assert.Equal(small, rig.Bytes);
        Assert.InRange(small, 1, 200);
        rig.Bytes = 0;
        await ListAsync(rig.Asker.KeysAsync("", Cancellation));
        Assert.InRange(rig.Bytes, 5_000, 200_000);
    }

    [Fact]
    public async Task The_asked_node_writes_so_that_visits_leave_no_rows_behind()
    {
        await using var rig = await AskingRig.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            var written = await rig.ChangeAsync(MapQuestionKind.Increment, "n", static one => one with { Amount = 2 });
            Assert.True(written is { IsChanged: true, Nodes.Count: 0 });
        }

        Assert.True(rig.Map.TryGet("n", out var count));
        Assert.Equal((8, 1), (count.Count, count.RowCount));
        await rig.ChangeAsync(
            MapQuestionKind.Set, "k", static one => one with
            {
                Value = "v"u8.ToArray(), Field = "f", Life = TimeSpan.FromHours(1),
            });
        Assert.True(rig.Map.TryGet("k", out var entry));
        Assert.NotNull(entry.Expires);
        Assert.Equal("v", Assert.Single(entry.Fields).Text);
        var value = new byte[MapOptions.LargestValueBytes];
        await rig.ChangeAsync(MapQuestionKind.Set, "large", one => one with { Value = value });
        Assert.True(rig.Map.TryGet("large", out entry));
        Assert.Equal(value.Length, entry.Bytes.Length);
        await rig.ChangeAsync(MapQuestionKind.Add, "set", static one => one with { Text = "a" });
        Assert.True((await rig.ChangeAsync(
            MapQuestionKind.Discard, "set", static one => one with { Text = "a" })).IsChanged);
        Assert.False((await rig.ChangeAsync(MapQuestionKind.Remove, "set", static one => one)).IsChanged);
        await rig.ChangeAsync(MapQuestionKind.Raise, "flag", static one => one);
        Assert.True(rig.Map.TryGet("flag", out entry) && entry.IsRaised);
        Assert.True((await rig.ChangeAsync(MapQuestionKind.Remove, "flag", static one => one)).IsChanged);
        Assert.False(rig.Map.TryGet("flag", out _));
    }

    [Fact]
    public async Task What_the_asked_node_does_not_do_is_told_in_its_words()
    {
        await using var rig = await AskingRig.StartAsync();
        await rig.Map.IncrementAsync("n", long.MaxValue, cancellationToken: Cancellation);
        var full = await Assert.ThrowsAsync<InvalidOperationException>(() => rig.ChangeAsync(
            MapQuestionKind.Increment, "n", static one => one with { Amount = 1 }));
        Assert.Contains("beyond the range of 64 bits", full.Message, StringComparison.Ordinal);
        var few = await Assert.ThrowsAsync<InvalidOperationException>(() => rig.ChangeAsync(
            MapQuestionKind.Raise, "up",
            static one => one with { OtherNodes = 3, Patience = TimeSpan.FromMilliseconds(300) }));
        Assert.Contains("of 3 other nodes are known to have the write", few.Message, StringComparison.Ordinal);
        Assert.True(rig.Map.TryGet("up", out _));
        await Assert.ThrowsAsync<ArgumentException>(() => rig.ChangeAsync(
            MapQuestionKind.Raise, "", static one => one));
        var line = await Assert.ThrowsAsync<FormatException>(() => rig.Asker.ImportAsync(
            Encoding.UTF8.GetBytes("""{"key":"a","text":"b"}""" + "\nnonsense"), 0, TimeSpan.FromSeconds(1),
            Cancellation));
        Assert.StartsWith("Line 2:", line.Message, StringComparison.Ordinal);
        Assert.True(rig.Map.TryGet("a", out _));
        Assert.Equal(0, rig.Calls.Count);
    }

    /// <summary>A write that waits longer than a request is waited for all the same.</summary>
    [Fact]
    public async Task Other_nodes_are_waited_for_and_named()
    {
        await using var rig = await AskingRig.StartAsync();
        var waiting = rig.ChangeAsync(
            MapQuestionKind.Raise, "up", static one => one with { OtherNodes = 1, Patience = TimeSpan.FromMinutes(1) });
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation);
        Assert.False(waiting.IsCompleted);
        var third = await rig.Nodes.StartAsync(rig.Nodes.Options with { Maps = new MapOptions() });
        Assert.Equal([third.Id], (await waiting).Nodes);
    }

    [Fact]
    public async Task Who_watches_gets_the_state_and_every_change_until_it_leaves()
    {
        await using var rig = await AskingRig.StartAsync();
        await rig.Map.SetAsync("a", "1", cancellationToken: Cancellation);
        await using (var updates = rig.Asker.WatchAsync("", Cancellation).GetAsyncEnumerator(Cancellation))
        {
            Assert.True(await updates.MoveNextAsync());
            Assert.True(updates.Current is { Key: "a", IsState: true });
            var next = updates.MoveNextAsync();
            Assert.False(next.IsCompleted);
            await rig.Map.SetAsync("b", new byte[200_000], cancellationToken: Cancellation);
            await rig.Map.RemoveAsync("a", cancellationToken: Cancellation);
            Assert.True(await next);
            Assert.True(updates.Current is { Key: "b", IsState: false, Entry.Bytes.Length: 200_000 });
            Assert.True(await updates.MoveNextAsync());
            Assert.True(updates.Current is { Key: "a", IsRemoved: true });
            Assert.Equal(1, rig.Calls.Count);
        }

        await Eventually.TrueAsync(() => rig.Calls.Count == 0, "the call has ended");
    }

    [Fact]
    public async Task Reading_and_removing_what_is_not_there_makes_no_map()
    {
        await using var rig = await AskingRig.StartAsync();
        var other = rig.AskerOf("other");
        Assert.Null(await other.GetAsync("k", Cancellation));
        Assert.Empty(await ListAsync(other.EntriesAsync("", Cancellation)));
        Assert.Equal(0, (await other.StatusAsync(Cancellation)).Keys);
        Assert.False((await other.ChangeAsync(
            new() { Kind = MapQuestionKind.Remove, Key = "k" }, Cancellation)).IsChanged);
        Assert.Equal(0, await other.ImportAsync("\n \r\n"u8.ToArray(), 0, TimeSpan.FromSeconds(1), Cancellation));
        Assert.False(rig.Asked.Feature<MapsFeature>()!.Service.Holds("other"));
    }

    [Fact]
    public async Task A_node_without_maps_answers_nobody()
    {
        await using var nodes = new LiveNodes(new MemoryNetwork());
        await nodes.StartAsync();
        await nodes.StartAsync();
        await nodes.ViewsHoldAsync(1);
        var none = await Assert.ThrowsAsync<RequestException>(() => nodes.All[1].RequestAsync(
            nodes.First.Loop.Core.Self.ToPeer(), MapCallFrame.Name, new byte[1], Cancellation));
        Assert.Equal(RequestFailure.NoHandler, none.Failure);
    }

    [Fact]
    public async Task The_node_knows_through_whom_it_joined()
    {
        await using var nodes = new LiveNodes();
        await nodes.StartManyAsync(3);
        await nodes.ViewsHoldAsync(2);
        Assert.Null(await nodes.First.JoinedThroughAsync());
        var through = (await nodes.All[2].JoinedThroughAsync())!.Value;
        Assert.Equal((nodes.First.Id, nodes.First.LocalAddress), (through.Id, through.Address));
    }

    private static string Shown(MapEntry entry) => $"{entry.Version} {entry.Expires} {entry}";

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> all)
    {
        var list = new List<T>();
        await foreach (var one in all)
        {
            list.Add(one);
        }

        return list;
    }
}
