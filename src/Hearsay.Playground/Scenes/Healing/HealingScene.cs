using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Healing;

/// <summary>H = 0 beside H = 1 when half of the nodes die.</summary>
internal sealed class HealingScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "healing",
        Title = "Half of the nodes die",
        Question = "Ten seconds in, half of the nodes stop without a word. How long do the others remember them?",
        Text =
        [
            "Both networks are the same but for one number: the left nodes drop one of the oldest entries in each "
            + "merge (H = 1), the right ones none (H = 0). Nobody tells them who died.",
            "Red links lead to nodes that are gone. A dead node sends no fresh descriptor of itself, so what is said "
            + "of it grows old; healing is nothing but dropping what is old.",
            "To show healing alone, nodes keep a partner that does not answer, and choose partners at random. Shipped "
            + "nodes also evict who does not answer: set “evict” to yes, and even H = 0 heals, more slowly."
        ],
        Knobs =
        [
            .. SamplingKnobs.All(nodes: 40, viewSize: 8, healing: 1, swap: 0)
                .Select(static knob => knob.Name == "selection" ? knob with { Default = 0 } : knob),
            Knob.Choice("evict", "evict", "Whether a partner that does not answer leaves the view.", 0, "no", "yes"),
        ],
        Values = SamplingWorld.StandardValues(20),
        Metrics = SamplingWorld.StandardMetrics,
        Preset = "b.H=0",
        Prediction = new Prediction(
            "Half of the nodes die at 10 s. Which share of the right network's links (H = 0) is still dead at 20 s?",
            Side: 1, Metric: 2, At: TimeSpan.FromSeconds(20),
            [
                new("Next to nothing, below 3 %", 0, 3),
                new("Some, 3 to 15 %", 3, 15),
                new("A lot, above 15 %", 15, 101),
            ],
            "Without healing a dead entry goes only when chance drops it, and meanwhile it is copied to others."),
        Lens = "curves",
        Speed = 2,
        Chapter = "7-churn-and-partitions",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new HealingWorld(knobs, seed);
}
