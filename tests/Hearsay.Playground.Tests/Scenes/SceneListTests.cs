using System.Text.Json;
using Hearsay.Playground.Scenes;

namespace Hearsay.Playground.Tests.Scenes;

public sealed class SceneListTests
{
    [Fact]
    public void A_scene_is_found_by_the_name_that_it_has_and_made_once()
    {
        Assert.True(SceneList.All.Count > 10);
        Assert.All(SceneList.All, static scene => Assert.Same(scene, SceneList.Find(scene.Description.Name)));
        Assert.Null(SceneList.Find("nowhere"));
    }

    [Fact]
    public void What_the_first_picture_needs_is_the_beginning_of_what_all_scenes_say()
    {
        using var all = JsonDocument.Parse(PlayBridge.Scenes());
        using var first = JsonDocument.Parse(PlayBridge.First());
        var (more, less) = (all.RootElement, first.RootElement);
        Assert.Equal(
            more.GetProperty("scenes")[0].GetRawText(),
            Assert.Single(less.GetProperty("scenes").EnumerateArray()).GetRawText());
        Assert.Equal(more.GetProperty("verbs").GetRawText(), less.GetProperty("verbs").GetRawText());
        Assert.Equal(more.GetProperty("lamps").GetRawText(), less.GetProperty("lamps").GetRawText());
    }
}
