using System.Text;
using CsCheck;
using Hearsay.Playground.Links;

namespace Hearsay.Playground.Tests.Links;

public sealed class PlayLinkTests
{
    [Fact]
    public void A_link_says_scene_seed_knobs_and_actions()
    {
        var wrong = PlayLink.Read(
            "https://x/#scene=views&seed=7&c=8&b.H=0&do=crash@20000:1,2&do=loss@30000*20&t=1.5", out var link);
        Assert.Null(wrong);
        Assert.Equal(("views", 7UL), (link.Scene, link.Seed));
        Assert.Equal([("c", "8"), ("b.H", "0")], link.Knobs);
        Assert.Equal(["crash@20000:1,2", "loss@30000*20"], link.Actions.Select(static action => action.ToString()));
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), link.Until);
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        var cases = Gen.Select(Gen.ULong, Gen.Int[0, 3_000_000], Gen.Int[0, 60].Array[0, 5], Gen.Int[0, 500]);
        cases.Sample((seed, at, nodes, ms) =>
        {
            var shape = new Fault(
                FaultKind.Crash, Instant.Zero + TimeSpan.FromMilliseconds(at), nodes, TimeSpan.FromMilliseconds(ms), 0);
            var text = PlayLink.Write("views", seed, [("c", "8")], [new PlayAction("crash", shape)]);
            Assert.Null(PlayLink.Read(text, out var link));
            Assert.Equal(text, PlayLink.Write(link.Scene, link.Seed, link.Knobs, link.Actions));
        });
    }

    [Theory]
    [InlineData("", "names no scene")]
    [InlineData("seed=1", "names no scene")]
    [InlineData("scene", "name=value")]
    [InlineData("scene=views&seed=-1", "whole number")]
    [InlineData("scene=views&seed=99999999999999999999999", "whole number")]
    [InlineData("scene=views&t=NaN", "time in ms")]
    [InlineData("scene=views&t=99999999999", "time in ms")]
    [InlineData("scene=views&do=crash", "no action")]
    [InlineData("scene=views&do=crash@x", "no action")]
    [InlineData("scene=views&do=<script>@1", "no action")]
    [InlineData("scene=views&do=crash@99999999:1", "first hour")]
    [InlineData("scene=views&do=crash@5:1&do=crash@4:1", "later action")]
    [InlineData("scene=views&scene=hub", "says scene twice")]
    [InlineData("scene=views&seed=1&seed=2", "says seed twice")]
    [InlineData("scene=views&t=1&c=8&t=2", "says t twice")]
    [InlineData("scene=views&b.H=0;b.H=1", "says b.H twice")]
    public void A_broken_link_is_refused_with_what_is_wrong(string text, string expected) =>
        Assert.Contains(expected, PlayLink.Read(text, out _), StringComparison.Ordinal);

    [Fact]
    public void A_link_that_is_too_long_is_refused()
    {
        Assert.Contains("characters", PlayLink.Read(new string('x', 40_000), out _), StringComparison.Ordinal);
        var many = "scene=views" + string.Concat(Enumerable.Repeat("&do=calm@1", 1001));
        Assert.Contains("1000 actions", PlayLink.Read(many, out _), StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_whatever_makes_it_throw() => Gen.String[0, 300].Sample(text =>
    {
        _ = PlayRun.Open("scene=views&nodes=4&" + text, out _);
        _ = PlayLink.Read(text, out _);
    }, iter: 300);

    [Fact]
    public void A_long_value_is_not_told_again_in_full()
    {
        var wrong = PlayLink.Read("scene=views&seed=" + new StringBuilder().Append('9', 3000), out _);
        Assert.True(wrong!.Length < 200, wrong);
    }
}
