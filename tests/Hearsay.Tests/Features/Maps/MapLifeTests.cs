using Hearsay.Tests.Transport;

namespace Hearsay.Tests.Features.Maps;

/// <summary>Entries that expire, and fields beneath keys.</summary>
public sealed class MapLifeTests
{
    private static readonly MapOptions s_quick = new() { CycleTime = TimeSpan.FromMilliseconds(100) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_has_expired_is_hidden_at_once_and_removed_then()
    {
        await using var nodes = new LiveNodes();
        var clock = new ShiftedTime();
        var options = nodes.Options with { Maps = s_quick, Time = clock };
        var map = (await nodes.StartAsync(options)).GetMap("m");
        var watching = map.WatchAsync("lease", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        var first = watching.MoveNextAsync().AsTask();
        await map.SetAsync("lease", "me", TimeSpan.FromHours(1), cancellationToken: Cancellation);
        await map.SetAsync("stays", "x", cancellationToken: Cancellation);
        await map.AddAsync("set", "short", TimeSpan.FromHours(1), cancellationToken: Cancellation);
        await map.AddAsync("set", "long", cancellationToken: Cancellation);
        await map.RaiseAsync("up", TimeSpan.FromHours(1), cancellationToken: Cancellation);
        await map.WriteAsync(
            new MapBatch().Set("batch", new byte[] { 1 }, TimeSpan.FromHours(1)), cancellationToken: Cancellation);
        Assert.True(map.TryGet("lease", out var entry));
        Assert.InRange(entry.Expires!.Value - clock.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        var before = map.Snapshot();
        Assert.Equal(5, before.Count);

        clock.Ahead = TimeSpan.FromHours(1);
        Assert.False(map.TryGet("lease", out _));
        Assert.False(map.TryGet("up", out _));
        Assert.Equal(["set", "stays"], map.Entries().Select(static one => one.Key));
        Assert.Equal(2, map.Snapshot().Count);
        Assert.Equal(["long"], map.Entries("set").Single().Elements);
        Assert.Equal(5, before.Count);
        Assert.True(before.TryGet("lease", out _));

        Assert.True(await first);
        Assert.Equal("me", watching.Current.Entry!.Text);
        Assert.True(await watching.MoveNextAsync());
        Assert.True(watching.Current.IsRemoved);
        await Eventually.TrueAsync(
            () => map.ReadStatusAsync(Cancellation).Result.Rows == 2, "the rows are removed");
        await watching.DisposeAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => map.SetAsync("k", "v", TimeSpan.Zero, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task What_is_in_a_field_expires_by_itself()
    {
        await using var nodes = new LiveNodes();
        var clock = new ShiftedTime();
        var map = (await nodes.StartAsync(nodes.Options with { Maps = s_quick, Time = clock })).GetMap("m");
        var (life, user) = (TimeSpan.FromHours(1), map.Field("user", "session"));
        await user.SetAsync("token", life, cancellationToken: Cancellation);
        await user.AddAsync("short", life, cancellationToken: Cancellation);
        await user.AddAsync("long", cancellationToken: Cancellation);
        await map.Field("user", "online").RaiseAsync(life, cancellationToken: Cancellation);
        await map.WriteAsync(
            new MapBatch().SetField("user", "batch", new byte[] { 1 }, life), cancellationToken: Cancellation);
        Assert.Equal(3, map.Entries().Single().Fields.Count);
        clock.Ahead = life;
        var left = map.Entries().Single().Fields.Single();
        Assert.Equal(("session", false), (left.Key, left.HasValue));
        Assert.Equal(["long"], left.Elements);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => user.SetAsync("x", TimeSpan.Zero, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_node_whose_clock_is_off_removes_nothing_and_others_keep_what_lives()
    {
        await using var nodes = new LiveNodes();
        for (var i = 0; i < 4; i++)
        {
            await nodes.StartAsync(nodes.Options with { Maps = s_quick });
        }

        var clock = new ShiftedTime { Ahead = TimeSpan.FromDays(365) };
        var off = await nodes.StartAsync(nodes.Options with { Maps = s_quick, Time = clock });
        await nodes.ViewsHoldAsync(3);
        var map = nodes.First.GetMap("m");
        await map.SetAsync("before", "x", WriteConcern.Nodes(4), Cancellation);
        var feature = off.Feature<Hearsay.Features.Maps.MapsFeature>()!;
        await Eventually.TrueAsync(() => feature.Protocol.Counters.IsClockOff, "it notices");
        await map.SetAsync("lease", "me", TimeSpan.FromDays(1), WriteConcern.Nodes(4), Cancellation);
        Assert.False(off.GetMap("m").TryGet("lease", out _));
        await Task.Delay(500, Cancellation);
        Assert.Equal(0, feature.Protocol.Counters.Expired);
        Assert.All(nodes.All.Take(4), node => Assert.True(node.GetMap("m").TryGet("lease", out _)));
        Assert.DoesNotContain(
            nodes.All.Take(4), node => node.Feature<Hearsay.Features.Maps.MapsFeature>()!.Protocol.Counters.IsClockOff);
    }

    [Fact]
    public async Task Snapshots_and_watchers_see_whole_moments_while_many_write()
    {
        await using var nodes = new LiveNodes();
        var map = (await nodes.StartAsync(nodes.Options with { Maps = s_quick })).GetMap("m");
        var writing = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                // Both keys of a writer always have the same value.
                await map.WriteAsync(
                    new MapBatch().Set($"a{writer}", $"{i}").Set($"b{writer}", $"{i}"),
                    cancellationToken: Cancellation);
            }
        })).ToArray();
        while (!Array.TrueForAll(writing, static task => task.IsCompleted))
        {
            var moment = map.Snapshot();
            for (var writer = 0; writer < writing.Length; writer++)
            {
                Assert.Equal(
                    moment.TryGet($"a{writer}", out var a) ? a.Text : null,
                    moment.TryGet($"b{writer}", out var b) ? b.Text : null);
            }

            await Task.Yield();
        }

        await Task.WhenAll(writing);
        Assert.Equal(8, map.Snapshot().Count);
        Assert.All(map.Entries(), static entry => Assert.Equal("499", entry.Text));
    }

    [Fact]
    public async Task Fields_of_a_key_are_written_each_by_itself()
    {
        await using var nodes = new LiveNodes();
        var first = (await nodes.StartAsync(nodes.Options with { Maps = s_quick })).GetMap("m");
        var second = (await nodes.StartAsync(nodes.Options with { Maps = s_quick })).GetMap("m");
        await nodes.ViewsHoldAsync(1);
        await Task.WhenAll(
            first.Field("user", "name").SetAsync("Ada", cancellationToken: Cancellation),
            second.Field("user", "born").SetAsync("1815", cancellationToken: Cancellation),
            first.Field("user", "logins").IncrementAsync(2, cancellationToken: Cancellation),
            second.Field("user", "logins").IncrementAsync(3, cancellationToken: Cancellation),
            first.Field("user", "tags").AddAsync("a", cancellationToken: Cancellation),
            second.Field("user", "tags").AddAsync("b", cancellationToken: Cancellation),
            second.Field("user", "active").RaiseAsync(cancellationToken: Cancellation),
            first.AddAsync("user", "name", cancellationToken: Cancellation));
        await EqualAsync(first, second);
        foreach (var map in new[] { first, second })
        {
            var user = map.Entries("user").Single();
            Assert.Equal(
                ["active (raised)", "born = 1815", "logins = 5", "name = Ada", "tags = {a, b}"],
                user.Fields.Select(static field => $"{field}"));
            Assert.Equal(["name"], user.Elements);
            Assert.Equal((false, 0), (user.HasValue, user.Count));
        }

        await first.Field("user", "tags").RemoveAsync("a", cancellationToken: Cancellation);
        await first.Field("user", "born").RemoveAsync(cancellationToken: Cancellation);
        await second.RemoveAsync("user", "name", cancellationToken: Cancellation);
        await second.WriteAsync(
            new MapBatch().SetField("user", "x", new byte[] { 65 }).IncrementField("user", "logins")
                .RemoveField("user", "active"), cancellationToken: Cancellation);
        await EqualAsync(first, second);
        Assert.Equal(
            ["logins = 6", "name = Ada", "tags = {b}", "x = A"],
            first.Entries("user").Single().Fields.Select(static field => $"{field}"));
        await first.RemoveAsync("user", cancellationToken: Cancellation);
        Assert.Empty(first.Entries());
        Assert.Throws<ArgumentException>(() => first.Field("user", ""));
    }

    private static Task EqualAsync(GossipMap one, GossipMap other) => Eventually.TrueAsync(
        () => one.ReadStatusAsync(Cancellation).Result is var here
            && other.ReadStatusAsync(Cancellation).Result is var there
            && (here.Root, here.ContextHash) == (there.Root, there.ContextHash), "both are equal");

    /// <summary>The clock of the machine, set ahead.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
