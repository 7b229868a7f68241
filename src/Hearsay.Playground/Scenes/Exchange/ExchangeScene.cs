using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Exchange;

/// <summary>One exchange, step by step: the reader merges by hand before the rule is told.</summary>
internal sealed class ExchangeScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "exchange",
        Title = "One exchange",
        Question = "Two nodes swap half of what they know. What does each of them keep?",
        Text =
        [
            "Every node knows at most c others: its view. The number beside an entry is its age: how many cycles "
            + "ago that node itself sent it. Once per cycle a node exchanges half of its view with a partner.",
            "Press “Run to the next exchange”. You see one exchange in steps: a partner is picked, a buffer is "
            + "prepared and sent, and both nodes merge. A merge ends with c entries again, so some have to go.",
            "You do each merge by hand first: cross out what you would drop. Then compare with what the node did, and "
            + "read its rule.",
        ],
        Knobs = SamplingKnobs.All(nodes: 12, viewSize: 6, healing: 1, swap: 1, mostNodes: 60),
        Values = SamplingWorld.StandardValues(12),
        Metrics = SamplingWorld.StandardMetrics,
        Prediction = new Prediction(
            "In every cycle each entry grows a cycle older. How old is the average entry of a view after 10 s?",
            Side: 0, Metric: 3, At: TimeSpan.FromSeconds(10),
            [
                new("Under 3 cycles", 0, 3),
                new("From 3 to 10 cycles", 3, 10),
                new("Over 10 cycles, and growing", 10, 99),
            ],
            "A node puts itself in front at age 0 whenever it sends. So young entries come in all the time, and the "
            + "oldest ones go."),
        Lens = "exchange",
        Speed = 0.25,
        Chapter = "2-peer-sampling",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) =>
        new SamplingWorld(knobs, seed, knobs.Milliseconds("cycle") * 6);
}
