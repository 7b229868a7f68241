using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Hubs;

/// <summary>Push only in a growing network: the hub that will not die.</summary>
internal sealed class HubScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "hub",
        Title = "The hub that will not die",
        Question = "All nodes join through the first one. Does it ever become a node like the others?",
        Text =
        [
            "Four nodes a second join, and all they know at first is node 0. On the left nodes only push: who is asked "
            + "answers nothing. On the right both sides send (pushpull).",
            "A node that only pushes to the hub makes itself known to it, and learns nobody. So all know the hub and "
            + "hardly anybody else, whatever the knobs. One answer of the hub is enough to learn others.",
            "When all have joined, crash node 0 on both sides: click it, then “Crash”. What is left of each network?",
        ],
        Knobs = [.. SamplingKnobs.All(nodes: 48, viewSize: 8, healing: 1, swap: 3)
            .Select(static knob => knob.Name == "propagation" ? knob with { Default = 0 } : knob)],
        Values = SamplingWorld.StandardValues(48),
        Metrics = HubWorld.Metrics,
        Preset = "b.propagation=pushpull",
        Prediction = new Prediction(
            "At 40 s all 48 nodes have been there for half a minute. On the left, where nodes only push, how many of "
            + "them know node 0?",
            Side: 0, Metric: 0, At: TimeSpan.FromSeconds(40),
            [
                new("About 8, as in a random network", 0, 14),
                new("Twice as many, 14 to 28", 14, 28),
                new("Most of them, more than 28", 28, double.MaxValue),
            ],
            "A view that only grows by what others push to it is filled by those who know its owner, and nobody knows "
            + "newcomers. In a network whose nodes all start at once push alone does much better."),
        Speed = 2,
        Chapter = "3-parameter-space",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new HubWorld(knobs, seed);
}
