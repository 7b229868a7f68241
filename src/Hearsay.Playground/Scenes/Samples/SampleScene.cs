using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Samples;

/// <summary>Is it random? Draws from the samplers beside those of an ideal source.</summary>
internal sealed class SampleScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "random",
        Title = "Is it random?",
        Question = "A node knows ten of forty others. Can what it draws from those look like draws from all?",
        Text =
        [
            "Every node draws a peer at a steady rate. Colours say how often a node was drawn by anybody. On the right "
            + "the same draws come from an ideal source that knows all nodes.",
            "“Uniform without replacement” gives nobody twice before the whole view was given. The arc around a node "
            + "is its queue: the entries of its view that it was not given yet. Draws empty the queue, and exchanges "
            + "refill it with new entries. Select a node and open “Node”: entries that were given are struck out.",
            "Press “All draw 5 at once”, once or twice. Who draws from an empty queue is given an entry that was given "
            + "before: a fallback, and the node's lamp lights. Every draw says which of the two it was.",
            "The matrix counts who drew whom, for both sources. χ² compares counts with what is expected: near 1 for "
            + "an ideal source, less when draws are more even than chance. Try “head” and “tail”: the youngest or the "
            + "oldest entry only.",
        ],
        Knobs =
        [
            .. SamplingKnobs.All(nodes: 40, viewSize: 10, healing: 1, swap: 4),
            Knob.Choice("policy", "policy", "Which peer a draw gives.", 0, SampleWorld.Policies),
            new("rate", "draws per cycle", "", "How many peers each node draws in a second.", 2, 1, 20),
        ],
        Values =
        [
            new("drawn, over the mean", "ramp", 0.4, 1.6), new("draws of its own", "none", 0, 0),
            new("fallbacks, %", "none", 0, 0), new("left in its queue, %", "gauge", 0, 100),
            new("its last draw was a fallback", "lamp", 0, 1),
        ],
        Metrics = SampleWorld.Metrics,
        Verbs =
        [
            new("draw", "Draw 5 at once", "The node draws five peers: watch its queue.", "node") { Amount = 5 },
            new("draw", "All draw 5 at once", "Every node draws five peers: watch the queues.", "network")
            {
                Amount = 5,
            },
        ],
        Matrix = new MatrixLens("drawn", "A row for who drew, a column for who was drawn. The ideal source shows how "
            + "uneven pure chance is."),
        Preset = "b.policy=ideal",
        Prediction = new Prediction(
            "Each node draws twice a cycle from a view of ten. Which share of the draws in 30 s gave a peer that the "
            + "same sampler had given before (a fallback)?",
            Side: 0, Metric: 1, At: TimeSpan.FromSeconds(30),
            [
                new("Hardly any, below 5 %", -1, 5),
                new("Some, 5 to 40 %", 5, 40),
                new("Most, above 40 %", 40, 101),
            ],
            "As long as a node draws slower than its view changes there is always somebody whom it was not given. "
            + "Raise the rate, and watch the fallbacks come."),
        Speed = 2,
        Chapter = "8-drawing-peers",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new SampleWorld(knobs, seed);
}
