using Hearsay.Playground.Recording;
using Hearsay.Playground.Scenes;

namespace Hearsay.Playground.Tests.Scenes;

public sealed class LegendTests
{
    public static TheoryData<string> Scenes => new(SceneList.All.Select(static scene => scene.Description.Name));

    [Theory]
    [MemberData(nameof(Scenes))]
    public void A_scene_says_what_its_colours_and_its_thick_rims_mean(string name)
    {
        var scene = SceneList.Find(name)!;
        var colour = scene.Description.Values[0];
        Assert.True(colour.Scale is "ramp" or "phase");
        Assert.Equal(colour.Scale == "phase" ? 4 : 0, colour.Words.Count);
        Assert.True(colour.Scale == "phase" || colour.Most > colour.Least);
        var preset = scene.Description.Preset.Replace(';', '&');
        Assert.Null(PlayRun.Open($"scene={name}&seed=1&{preset}", out var run));
        Assert.Null(run!.RunUntil(Instant.Zero + TimeSpan.FromSeconds(3)));
        var isMarked = run.Worlds.Any(static world => world.Network.Nodes.Any(node => world.IsMarked(node.Index)));
        Assert.True(!isMarked || scene.Description.Marked.Length > 0, "Nobody says who has a thick rim.");
        foreach (var world in run.Worlds.Where(_ => colour.Scale == "phase"))
        {
            world.Recorder.NoteAddresses();
            var numbers = new FrameWriter();
            world.WriteValues(0, numbers);
            Assert.NotEqual("", colour.Words[(int)numbers.FloatAt(0)]);
        }
    }
}
