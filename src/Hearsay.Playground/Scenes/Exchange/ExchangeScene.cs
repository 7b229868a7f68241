using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Exchange;

/// <summary>One exchange, step by step: the reader merges by hand before the node does.</summary>
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
            "Every node knows at most c others: its view. Once per cycle it picks one of them and sends half of its "
            + "view, itself in front at age 0. The other one answers with half of its own, and both merge.",
            "A merge ends with c entries again. First up to H of the oldest go (healing: what is old may be dead). "
            + "Then up to S of those that were just sent go (swap: the other one has them now). Chance takes the rest.",
            "Press “Next merge”. The run stops right at a merge, before you have seen its outcome. Cross out "
            + "what you think has to go, then compare with what the node did.",
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
            "A node puts itself in front at age 0 whenever it sends, and the oldest entry goes first where one must "
            + "go."),
        Lens = "exchange",
        Speed = 0.25,
        Chapter = "2-peer-sampling",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) =>
        new SamplingWorld(knobs, seed, knobs.Milliseconds("cycle") * 6);
}
