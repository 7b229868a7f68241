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

/// <summary>
/// The list of all scenes, in the order of the page. A new scene is a folder and a line here. A scene is made when it
/// is asked for: all of them take a browser a fifth of the time until its first picture.
/// </summary>
internal static class SceneList
{
    private static readonly (string Name, Func<IScene> Make)[] Known =
    [
        ("exchange", static () => new ExchangeScene()),
        ("views", static () => new ViewsScene()),
        ("healing", static () => new HealingScene()),
        ("hub", static () => new HubScene()),
        ("partition", static () => new PartitionScene()),
        ("random", static () => new SampleScene()),
        ("rumors", static () => new RumorScene()),
        ("tree", static () => new TreeScene()),
        ("averaging", static () => new AveragingScene()),
        ("liars", static () => new LiarScene()),
        ("maps", static () => new MapScene()),
        ("sketch", static () => new SketchScene()),
        ("learning", static () => new LearningScene()),
        ("case", static () => new CaseScene()),
    ];

    private static readonly IScene?[] Made = new IScene?[Known.Length];

    /// <summary>The scenes.</summary>
    public static IReadOnlyList<IScene> All => [.. Enumerable.Range(0, Known.Length).Select(At)];

    /// <summary>The scene that a page shows if its link names none.</summary>
    public static IScene First => At(0);

    /// <summary>The scene of a name; null if there is none.</summary>
    public static IScene? Find(string name)
    {
        var index = Array.FindIndex(Known, known => known.Name == name);
        return index < 0 ? null : At(index);
    }

    private static IScene At(int index) => Made[index]
        ?? Interlocked.CompareExchange(ref Made[index], Known[index].Make(), null) ?? Made[index]!;
}
