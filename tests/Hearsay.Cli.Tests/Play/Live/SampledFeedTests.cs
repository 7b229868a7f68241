using System.Net;
using System.Runtime.InteropServices;
using Hearsay.Cli.Play.Live;

namespace Hearsay.Cli.Tests.Play.Live;

/// <summary>Real sockets on the loopback address: what a page that watches live nodes is sent.</summary>
public sealed class SampledFeedTests
{
    [Fact]
    public async Task A_page_is_told_the_scene_then_the_nodes_then_frames()
    {
        using var feed = new SampledFeed(new FakeSource(), "over");
        await using var server = await LiveServer.StartAsync(feed);
        using var answer = await server.AskAsync(server.Token);
        var frames = 0;
        var events = await LiveServer.ReadAsync(answer, last => last.Name == "frame" && ++frames == 4);
        Assert.Equal(["scene", "nodes", "frame"], events.Take(3).Select(static one => one.Name));
        Assert.Contains("\"title\":\"Fake\"", events[0].Data, StringComparison.Ordinal);
        Assert.Equal("""{"first":0,"facts":[[["id","a"]],[["id","b"]]]}""", events[1].Data);
        Assert.Contains(("nodes", """{"first":2,"facts":[[["id","c"]]]}"""), events);
        var numbers = MemoryMarshal.Cast<byte, int>(Convert.FromBase64String(events[2].Data)).ToArray();
        Assert.Equal([1, 0, 0, 0, 0, 0, 2, 1, 1, 0, 0, 0, Bits(1.5f)], numbers[2..15]);
        // The node that is not shown is no link.
        Assert.Equal([9, 1, Bits(0), 1 | (7 << 16), 1, 1, Bits(1), 0 | (7 << 16)], numbers[15..]);
    }

    [Fact]
    public async Task Nobody_looks_at_the_nodes_while_no_page_is_open()
    {
        var source = new FakeSource();
        using var feed = new SampledFeed(source, "over");
        await using var server = await LiveServer.StartAsync(feed);
        Assert.Equal(0, source.Looks);
        using (var answer = await server.AskAsync(server.Token))
        {
            await LiveServer.ReadAsync(answer, _ => source.Looks > 3);
        }

        await Eventually(() => feed.Readers == 0);
        var looks = source.Looks;
        await Task.Delay(20 * source.Pause, TestContext.Current.CancellationToken);
        Assert.Equal(looks, source.Looks);
    }

    [Fact]
    public async Task Pages_share_a_look()
    {
        var source = new FakeSource { Pause = TimeSpan.FromMinutes(5) };
        using var feed = new SampledFeed(source, "over");
        await using var server = await LiveServer.StartAsync(feed);
        for (var page = 0; page < 3; page++)
        {
            using var answer = await server.AskAsync(server.Token);
            await LiveServer.ReadAsync(answer, static last => last.Name == "frame");
        }

        Assert.Equal(1, source.Looks);
    }

    [Fact]
    public async Task The_end_is_told_and_closes_the_feed()
    {
        using var feed = new SampledFeed(new FakeSource(), "over and out");
        await using var server = await LiveServer.StartAsync(feed);
        using var answer = await server.AskAsync(server.Token);
        var reading = LiveServer.ReadAsync(answer, static _ => false);
        await Eventually(() => feed.Readers == 1);
        await feed.EndAsync();
        var events = await reading;
        Assert.Equal(("end", """{"message":"over and out"}"""), events[^1]);
        using var late = await server.AskAsync(server.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
    }

    [Fact]
    public async Task Trouble_is_told_once_and_so_is_its_end()
    {
        var source = new FakeSource { Trouble = "gone" };
        using var feed = new SampledFeed(source, "over");
        await using var server = await LiveServer.StartAsync(feed);
        using var answer = await server.AskAsync(server.Token);
        var frames = 0;
        var events = await LiveServer.ReadAsync(answer, last =>
        {
            source.Trouble = last.Name == "trouble" ? null : source.Trouble;
            return last.Name == "frame" && ++frames == 3;
        });
        Assert.Equal(
            ["""{"message":"gone"}""", """{"message":null}"""],
            events.Where(static one => one.Name == "trouble").Select(static one => one.Data));
    }

    [Fact]
    public async Task There_are_only_so_many_readers()
    {
        using var feed = new SampledFeed(new FakeSource(), "over");
        await using var server = await LiveServer.StartAsync(feed);
        var open = new List<HttpResponseMessage>();
        for (var page = 0; page < SampledFeed.MostReaders; page++)
        {
            open.Add(await server.AskAsync(server.Token));
        }

        await Eventually(() => feed.Readers == SampledFeed.MostReaders);
        using var more = await server.AskAsync(server.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, more.StatusCode);
        open.ForEach(static page => page.Dispose());
    }

    private static int Bits(float number) => BitConverter.SingleToInt32Bits(number);

    private static async Task Eventually(Func<bool> holds)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(2); !holds(); )
        {
            Assert.True(DateTime.UtcNow < deadline, "it never held");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
