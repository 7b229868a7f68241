using System.Net;
using Hearsay.Cli.Play.Live;

namespace Hearsay.Cli.Tests.Play.Live;

/// <summary>Who is let in to a live feed.</summary>
public sealed class LiveGateTests
{
    [Fact]
    public async Task Without_the_token_there_is_nothing()
    {
        var source = new FakeSource();
        using var feed = new SampledFeed(source, "over");
        await using var server = await LiveServer.StartAsync(feed);
        foreach (var token in new[] { null, "", new string('0', 32), server.Token[..^1], server.Token + "0" })
        {
            using var refused = await server.AskAsync(token);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.Equal(0, source.Looks);
        using var answer = await server.AskAsync(server.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Host", "evil.example")]
    public async Task A_page_of_another_origin_is_refused_even_with_the_token(string header, string value)
    {
        var source = new FakeSource();
        using var feed = new SampledFeed(source, "over");
        await using var server = await LiveServer.StartAsync(feed);
        using var refused = await server.AskAsync(server.Token, (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(0, source.Looks);
    }

    [Fact]
    public async Task The_page_itself_is_let_in()
    {
        using var feed = new SampledFeed(new FakeSource(), "over");
        await using var server = await LiveServer.StartAsync(feed);
        using var answer = await server.AskAsync(
            server.Token, ("Origin", server.Url.TrimEnd('/')), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"{server.Url}#live={server.Token}", server.LiveUrl);
    }

    [Fact]
    public async Task Two_runs_have_two_tokens()
    {
        using var feed = new SampledFeed(new FakeSource(), "over");
        var (one, other) = (new LiveGate(feed), new LiveGate(feed));
        Assert.Matches("^[0-9a-f]{32}$", one.Token);
        Assert.NotEqual(one.Token, other.Token);
        await feed.EndAsync();
    }
}
