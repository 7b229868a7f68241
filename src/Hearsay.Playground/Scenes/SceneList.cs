using Hearsay.Playground.Scenes.Averaging;
using Hearsay.Playground.Scenes.Cases;
using Hearsay.Playground.Scenes.Exchange;
using Hearsay.Playground.Scenes.Healing;
using Hearsay.Playground.Scenes.Hubs;
using Hearsay.Playground.Scenes.Learning;
using Hearsay.Playground.Scenes.Liars;
using Hearsay.Playground.Scenes.Maps;
using Hearsay.Playground.Scenes.Partitions;
using Hearsay.Playground.Scenes.Rumors;
using Hearsay.Playground.Scenes.Samples;
using Hearsay.Playground.Scenes.Sketches;
using Hearsay.Playground.Scenes.Trees;
using Hearsay.Playground.Scenes.Views;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes;

/// <summary>The list of all scenes, in the order of the page. A new scene is a folder and a line here.</summary>
internal static class SceneList
{
    /// <summary>The scenes.</summary>
    public static IReadOnlyList<IScene> All { get; } =
    [
        new ExchangeScene(), new ViewsScene(), new HealingScene(), new HubScene(), new PartitionScene(),
        new SampleScene(), new RumorScene(), new TreeScene(), new AveragingScene(),
        new LiarScene(), new MapScene(), new SketchScene(), new LearningScene(), new CaseScene(),
    ];

    /// <summary>The scene of a name; null if there is none.</summary>
    public static IScene? Find(string name) =>
        All.FirstOrDefault(scene => scene.Description.Name.Equals(name, StringComparison.Ordinal));
}
