using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Trees;

/// <summary>A flood that hardens into a tree, and what repairs it.</summary>
internal sealed class TreeScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "tree",
        Title = "A flood hardens into a tree",
        Question = "A message must reach all nodes, once each. Who decides over which links it travels?",
        Text =
        [
            "Every node has five stable neighbours. The first message floods: everybody sends it to all neighbours, "
            + "and most copies are one too many. Who gets a second copy says “prune”, and the link turns "
            + "from pushing to announcing. What is left is a tree, and it is the tree of the fastest links.",
            "Bright lines push the payload, faint ones only announce its name. Who hears a name and does not get the "
            + "payload in time asks for it, and takes that link into the tree.",
            "Select a bright link and cut it, or crash a node in the middle. Watch the next messages go around the "
            + "wound: first by a pull, then over a new branch.",
        ],
        Knobs =
        [
            new("nodes", "nodes", "", "How many nodes there are at first.", 32, 3, 200),
            new("degree", "neighbours", "", "How many stable neighbours a node has.", 5, 3, 12),
            new("every", "a message every", "ms", "How often the first node publishes.", 2000, 200, 20_000)
            {
                Step = 100,
            },
            Knob.Choice("mode", "mode", "How messages spread: as the shipped default does, always by the tree, or "
                + "always to all neighbours.", 1, "auto", "tree", "flood"),
        ],
        Values =
        [
            new("has the newest message", "phase", 0, 3)
            {
                Words = ["lacks the newest message", "just got it", "has it", ""],
            },
            new("hops", "none", 0, 0), new("messages", "none", 0, 0),
        ],
        Metrics =
        [
            new("payloads per delivery", "", "Payloads sent for each node newly reached; 1 is the least there is."),
            new("reached", "%", "The running nodes that have the newest message."),
            new("duplicates", "", "Payloads of the newest message that came to a node that had it."),
            new("pulls", "", "Messages asked for so far, because only the name had come."),
            new("last to hear", "ms", "How long after it was published the newest message came to the last node."),
        ],
        LinkKinds = ["announces", "pushes"],
        Marked = "publishes",
        Verbs =
        [
            new("publish", "Publish here", "The node publishes a message.", "node"),
        ],
        Lamps =
        [
            new(["once"], "delivered at most once", "No node is given a message twice."),
        ],
        Prediction = new Prediction(
            "Each of 32 nodes has five neighbours, so a flood sends about four payloads per node. What does a message "
            + "cost after 20 s, in payloads per delivery?",
            Side: 0, Metric: 0, At: TimeSpan.FromSeconds(20),
            [
                new("Close to 1", 0.5, 1.6),
                new("About 2", 1.6, 3),
                new("Still about 4", 3, double.MaxValue),
            ],
            "Nobody computed a tree. Each second copy removed one link from pushing, and when there are no second "
            + "copies left, what remains has no circle: a tree."),
        Lens = "messages",
        Speed = 0.5,
        Chapter = "6-broadcast-trees",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new TreeWorld(knobs, seed);
}
