using Hearsay.Playground;

namespace Hearsay.Cli.Tests.Play;

/// <summary>
/// Links that are no good are refused before a page is built or opened, and long runs say how far they are.
/// </summary>
public sealed class PlayCommandTests
{
    [Theory]
    [InlineData("x", "'x' is not of the form name=value.")]
    [InlineData("scene=nope", "There is no scene 'nope'.")]
    [InlineData("scene=views&c=1000", "c is a number from 4 to 60")]
    [InlineData("scene=views&seed=1&seed=2", "The link says seed twice.")]
    public async Task A_broken_link_is_refused_as_replay_refuses_it(string link, string expected)
    {
        var (code, output, error) = await Cli.RunAsync($"play {link} --no-browser");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal((code, output, error), await Cli.RunAsync($"play replay {link}"));
    }

    [Fact]
    public void A_replay_tells_how_far_it_is_and_comes_to_the_same_end_as_one_step()
    {
        const string link = "scene=views&nodes=10&do=crash@300:1";
        var shares = new List<double>();
        var state = PlayBridge.Replay(link + "&t=900.04", TimeSpan.Zero, out var error, shares.Add);
        Assert.Null(error);
        Assert.Equal(10, shares.Count);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
        PlayBridge.Open(link);
        PlayBridge.RunUntil(900.04);
        Assert.Equal(PlayBridge.State(), state);
    }

    [Fact]
    [Campaign]
    public async Task A_replay_that_takes_long_is_not_silent()
    {
        var (code, _, error) = await Cli.RunAsync(
            "play replay scene=views&nodes=1000&cycle=100&fanout=4&t=4000 --json");
        Assert.Equal(0, code);
        Assert.Matches(@"replay: \d+ %", error);
    }
}
