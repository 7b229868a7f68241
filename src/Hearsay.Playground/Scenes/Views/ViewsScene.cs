using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Views;

/// <summary>The view over time, with every knob, and two settings side by side.</summary>
internal sealed class ViewsScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "views",
        Title = "The view over time",
        Question = "Nobody is in charge. How even does the network become, and what does each knob change?",
        Text =
        [
            "Every line is an entry of a view. Nobody sees this picture but you: each node knows only its own lines.",
            "The left network swaps what it sends (S), the right one drops entries at random. Both have the same seed "
            + "and the same events. Look at the deviation of the in-degree, then at the matrix.",
        ],
        Knobs = SamplingKnobs.All(nodes: 40, viewSize: 8, healing: 1, swap: 3, mostNodes: Common.MostNodes),
        Values = SamplingWorld.StandardValues(20),
        Metrics = SamplingWorld.StandardMetrics,
        Preset = "b.H=0;b.S=0",
        Prediction = new Prediction(
            "The left nodes drop what they just sent (S = 3), the right ones drop at random. After 40 s, how uneven "
            + "is the right network? In a random graph the in-degree deviates by about 2.8.",
            Side: 1, Metric: 0, At: TimeSpan.FromSeconds(40),
            [
                new("More even than a random graph, below 2.4", 0, 2.4),
                new("About as a random graph and the left one, 2.4 to 3.1", 2.4, 3.1),
                new("Clearly worse, above 3.1", 3.1, double.MaxValue),
            ],
            "Without swap copies multiply: who is known by many is sent on by many. An entry that is swapped moves "
            + "instead of being copied, so every node stays known by about c others."),
        Lens = "curves",
        Speed = 2,
        Chapter = "3-parameter-space",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new SamplingWorld(knobs, seed, TimeSpan.FromSeconds(2));
}
