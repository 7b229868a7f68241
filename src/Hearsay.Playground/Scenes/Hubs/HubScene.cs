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
            "Who only pushes makes itself known and learns nobody. So those that all know, get all that is pushed, and "
            + "stay known. One answer of a partner is enough to learn others instead.",
            "It would be worse if a newcomer’s first exchange did not go both ways here, as it does in every node of "
            + "Hearsay: in the literature nearly all still know the hub after hundreds of cycles. Give the left "
            + "network some healing (H = 1) to see what helps push.",
        ],
        Knobs = [.. SamplingKnobs.All(nodes: 60, viewSize: 6, healing: 0, swap: 3)
            .Select(static knob => knob.Name == "propagation" ? knob with { Default = 0 } : knob)],
        Values = SamplingWorld.StandardValues(30),
        Metrics = HubWorld.Metrics,
        Preset = "b.propagation=pushpull",
        Marked = "the first node",
        Prediction = new Prediction(
            "At 40 s all 60 nodes have been there for 25 cycles. On the left, where nodes only push, how many of them "
            + "know node 0?",
            Side: 0, Metric: 0, At: TimeSpan.FromSeconds(40),
            [
                new("About 6, as in a random network", 0, 12),
                new("Several times as many, 12 to 40", 12, 40),
                new("Nearly all, more than 40", 40, double.MaxValue),
            ],
            "A view that is filled only by what others push holds those who know its owner, and many know the first "
            + "node. With pushpull its load is gone soon after the last one joined."),
        Speed = 2,
        Chapter = "2-peer-sampling",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new HubWorld(knobs, seed);
}
