using Hearsay.Cli.Play.Live;

namespace Hearsay.Cli.Tests.Play.Live;

/// <summary>What <c>hearsay play --attach</c> can be given.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public async Task The_feed_of_another_page_is_passed_on_event_by_event()
    {
        using var feed = new SampledFeed(new FakeSource(), "over there");
        await using var there = await LiveServer.StartAsync(feed);
        using var attached = Attachment.Of(there.LiveUrl, null);
        await using var here = await LiveServer.StartAsync(attached.Feed);
        using var answer = await here.AskAsync(here.Token);
        var frames = 0;
        var reading = LiveServer.ReadAsync(answer, last =>
        {
            if (last.Name == "frame" && ++frames == 3)
            {
                _ = feed.EndAsync();
            }

            return last.Name == "end";
        });
        var events = await reading;
        Assert.Equal("scene", events[0].Name);
        Assert.Equal("""{"message":"over there"}""", events[^1].Data);
    }

    [Theory]
    [InlineData("live=00000000000000000000000000000000", "not the one that is printed there (status 401)")]
    public async Task A_stale_link_is_told(string fragment, string expected)
    {
        using var feed = new SampledFeed(new FakeSource(), "over");
        await using var there = await LiveServer.StartAsync(feed);
        using var attached = Attachment.Of($"{there.Url}#{fragment}", null);
        await using var here = await LiveServer.StartAsync(attached.Feed);
        using var answer = await here.AskAsync(here.Token);
        var events = await LiveServer.ReadAsync(answer, static last => last.Name == "end");
        Assert.Contains(expected, Assert.Single(events).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_gone_is_told()
    {
        using var attached = Attachment.Of($"http://127.0.0.1:1/#live={new string('0', 32)}", null);
        await using var here = await LiveServer.StartAsync(attached.Feed);
        using var answer = await here.AskAsync(here.Token);
        var events = await LiveServer.ReadAsync(answer, static last => last.Name == "end");
        Assert.Contains("Nothing answers", Assert.Single(events).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_not_there_is_trouble_and_no_end()
    {
        using var attached = Attachment.Of("http://127.0.0.1:1/", null);
        await using var here = await LiveServer.StartAsync(attached.Feed);
        using var answer = await here.AskAsync(here.Token);
        var events = await LiveServer.ReadAsync(answer, static last => last.Name == "trouble");
        Assert.Contains("does not answer", events[^1].Data, StringComparison.Ordinal);
        await attached.Feed.EndAsync();
    }

    [Theory]
    [InlineData("play --attach nonsense", "--attach must be the URL of an agent")]
    [InlineData("play --attach ftp://127.0.0.1/", "--attach must be the URL of an agent")]
    [InlineData("play --agent-token-file x", "--agent-token-file needs --attach")]
    [InlineData("play --attach http://127.0.0.1:1 --agent-token-file nowhere", "'nowhere' cannot be read")]
    [InlineData("up --no-browser", "--no-browser needs --play")]
    public async Task Mistakes_are_named(string arguments, string expected)
    {
        var (code, _, error) = await Cli.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
