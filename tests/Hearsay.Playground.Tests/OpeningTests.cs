using System.Text.Json;
using Hearsay.Playground.Scenes;

namespace Hearsay.Playground.Tests;

/// <summary>A run is made in pieces, and is the same as if it had been made at once.</summary>
public sealed class OpeningTests
{
    private static readonly Instant End = Instant.Zero + TimeSpan.FromSeconds(1);

    public static TheoryData<string> Links =>
    [
        .. SceneList.All.Select(static scene => $"scene={scene.Description.Name}&seed=6&"
            + scene.Description.Preset.Replace(';', '&')),
        "scene=views&seed=2&nodes=500&c=4", "scene=healing&seed=3&nodes=30&cycle=100&fanout=4&b.H=0",
        "scene=hub&seed=3&b.c=8",
    ];

    [Theory]
    [MemberData(nameof(Links))]
    public void A_run_that_is_made_in_pieces_is_the_one_that_is_made_at_once(string link)
    {
        Assert.Null(PlayRun.Open(link, out var whole));
        var (state, frame) = (PlayJson.State(whole!), new PlayFrame().Of(whole!));
        Assert.Null(whole!.RunUntil(End));
        foreach (var parts in new[] { 1, 7, 1000 })
        {
            var pieces = Make(link);
            var (calls, shares) = (0, new List<double> { 0 });
            for (; pieces.ShareBefore < 1; calls++)
            {
                pieces.Approach(parts);
                shares.Add(pieces.ShareBefore);
            }

            Assert.True(parts > 1 || calls > 4, $"{calls} calls");
            Assert.Equal(shares.Order(), shares);
            Assert.Equal(state, PlayJson.State(pieces));
            Assert.Equal(frame, new PlayFrame().Of(pieces));
            Assert.Null(pieces.RunUntil(End));
            Assert.Equal(whole.TraceHash, pieces.TraceHash);
        }
    }

    [Fact]
    public void The_run_before_stays_until_the_next_one_is_made_and_a_bad_link_ends_that()
    {
        PlayBridge.Open("scene=hub&seed=1");
        var before = PlayBridge.State();
        Assert.Empty(PlayBridge.Make("scene=views&seed=1"));
        Assert.InRange(PlayBridge.Approach(10), 0.001, 0.999);
        Assert.Equal(before, PlayBridge.State());
        Assert.Contains("no scene", PlayBridge.Make("scene=nowhere"), StringComparison.Ordinal);
        Assert.Equal(1, PlayBridge.Approach(int.MaxValue));
        Assert.Equal(before, PlayBridge.State());

        Assert.Empty(PlayBridge.Make("scene=views&seed=1"));
        Assert.InRange(PlayBridge.Approach(20), 0.001, 0.999);
        Assert.Empty(PlayBridge.Make("scene=views&seed=2"));
        Assert.Equal(1, PlayBridge.Approach(int.MaxValue));
        var made = PlayBridge.State();
        Assert.Equal(PlayBridge.Open("scene=views&seed=2"), made);
    }

    private static PlayRun Make(string link)
    {
        Assert.Null(PlayRun.Make(link, out var run));
        Assert.Equal(0, run!.ShareBefore);
        Assert.All(run.Worlds, static world => Assert.Empty(world.Network.Nodes));
        return run;
    }
}
