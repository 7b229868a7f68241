using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Rumors;

/// <summary>Rumors: push, pull, both, counters and coins, and who never hears.</summary>
internal sealed class RumorScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "rumors",
        Title = "Rumors",
        Question = "A node tells a rumor until it is bored. Does everybody hear it before all are bored?",
        Text =
        [
            "Grey nodes have not heard it, green ones just did, orange ones tell it, blue ones are bored of it. A "
            + "node becomes bored when k cycles in a row it met only nodes that knew it already (counter), or with "
            + "probability 1/k each time (coin).",
            "Those who never hear it are the residue. More k leaves less of it and costs more messages: with push and "
            + "counters, k = 2 in place of 1 divides the residue by about five, and each further step by two to three. "
            + "In larger networks further steps divide it by three or more.",
            "On the left nodes push, on the right they push and pull. Pushing is fast at first, pulling at the end: "
            + "who asks around finds somebody who knows. Click a node and press “Start a rumor” for another one.",
        ],
        Knobs =
        [
            new("nodes", "nodes", "", "How many nodes there are at first.", 60, 3, 200),
            Knob.Choice("mode", "mode", "Who begins a contact: who knows, who wants to know, or both.", 0,
                RumorWorld.Modes),
            Knob.Choice("interest", "losing interest", "What makes a node bored.", 0, RumorWorld.Interests),
            new("k", "k", "", "How many contacts in vain, on average, make a node bored.", 2, 1, 8),
            new("fanout", "fanout", "", "With how many peers in each cycle.", 1, 1, 4),
            new("cycle", "cycle time", "ms", "How often a node tells or asks.", 500, 100, 5000) { Step = 100 },
        ],
        Values =
        [
            new("state", "phase", 0, 3) { Words = ["has not heard it", "just heard it", "tells it", "is bored of it"] },
            new("counter", "none", 0, 0), new("age", "none", 0, 0),
        ],
        Metrics =
        [
            new("have heard it", "%", "The running nodes that know the newest rumor."),
            new("tell it", "%", "The running nodes that are not bored of it yet."),
            new("never heard (residue)", "%", "The running nodes that do not know it. When nobody tells it any "
                + "more, they never will."),
            new("copies per node", "", "Copies of rumors sent so far, for each running node."),
            new("requests per node", "", "Questions for news so far, for each running node."),
        ],
        Verbs = [new("rumor", "Start a rumor", "The node has news.", "node")],
        Preset = "b.mode=pushpull",
        Prediction = new Prediction(
            "The left nodes push, and are bored after two contacts in vain. How many of the 60 have heard the rumor "
            + "when all are bored, at 30 s?",
            Side: 0, Metric: 0, At: TimeSpan.FromSeconds(30),
            [
                new("Fewer than 85 %", 0, 85),
                new("85 to 99 %", 85, 99.5),
                new("All of them", 99.5, 101),
            ],
            "Near the end nearly everybody a node meets knows it already, so all get bored while a few have not heard "
            + "it. That is why rumors are for news that may be missed, or that something slower repairs."),
        Speed = 1,
        Chapter = "4-spreading-a-rumor",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new RumorWorld(knobs, seed);
}
