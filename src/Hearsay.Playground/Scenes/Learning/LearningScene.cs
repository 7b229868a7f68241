using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Learning;

/// <summary>The separating lines of forty nodes, which turn into one.</summary>
internal sealed class LearningScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "learning",
        Title = "Forty lines turn into one",
        Question = "Forty nodes have four points each, and do not show them to anybody. How do all of them learn the "
            + "line that parts the two colours?",
        Text =
        [
            "Each node keeps a model: a line that says “blue” on one side and “orange” on the other. The plane shows "
            + "the lines of all nodes, and the needle in a node is its line. So far each node has learned from its "
            + "own four points alone, so the lines differ.",
            "Once per cycle a node sends its model to a random peer. The peer merges it with its own, weighted by "
            + "what the two have learned (their age), and goes through its own points once more. Points never travel. "
            + "The dashed line is what one gets from all points in one place.",
            "On the right every node has points of one colour only. Try what else spoils it: models that walk and are "
            + "never merged (“models meet” = walk), loss, or four attackers. They turn their labels around, and send "
            + "noise or claim an impossible age; “guard” says how the others protect themselves.",
        ],
        Knobs =
        [
            new("nodes", "nodes", "", "How many nodes there are at first.", 40, 2, 100),
            new("points", "points each", "", "How many points a node has.", 4, 1, 20),
            Knob.Choice("data", "a node has", "Points of both colours at random, or of one colour only.", 0,
                "two-colours", "one-colour"),
            Knob.Choice("meet", "models meet", "Averages weighted by age, plain averages, or models that walk alone.",
                0, "age", "average", "walk"),
            new("cycle", "cycle time", "ms", "How often a node sends its model.", 1000, 200, 5000) { Step = 100 },
            new("attackers", "attackers", "", "How many nodes want to ruin the model: the first ones.", 0, 0, 20),
            Knob.Choice("attack", "they send",
                "What turned labels teach, noise, or what turned labels teach with an age of 2^40.", 1,
                "labels", "noise", "age"),
            Knob.Choice("guard", "guard",
                "None; far models move a node less; or the nearest half of seven models that it asked for.", 0,
                "none", "clip", "nearest"),
        ],
        Values =
        [
            new("wrong on unseen points, %", "ramp", 0, 50), new("age of the model", "none", 0, 0),
            new("weight of x", "none", 0, 0), new("weight of y", "none", 0, 0), new("bias", "none", 0, 0),
            new("wrong if alone, %", "none", 0, 50),
        ],
        Metrics =
        [
            new("median node is wrong", "%",
                "Of 200 points that no node has: what the middle one of the honest nodes gets wrong."),
            new("worst node", "%", "What the worst honest node gets wrong."),
            new("best node", "%", "What the best honest node gets wrong."),
            new("median node alone", "%", "What the middle node would get wrong if it had met nobody."),
            new("all points in one place", "%", "What a model gets wrong that was trained on all points."),
            new("points of dispute", "%", "Unseen points of which the nodes do not all say the same."),
        ],
        Plane = new PlaneLens(2, 2.4,
            "Points of all nodes, a line for each node, and dashed what all points in one place give. A selected node "
            + "has a thick line and large points."),
        Preset = "b.data=one-colour",
        Marked = "an attacker",
        Prediction = new Prediction(
            "On the right every node has points of one colour only. Alone, the middle node is wrong in two cases of "
            + "five. How often is it wrong after 40 s of gossip?",
            Side: 1, Metric: 0, At: TimeSpan.FromSeconds(40),
            [
                new("About as seldom as on the left: in one case of six, or less", 0, 17),
                new("In one case of four: half of what it lacks", 17, 33),
                new("Still in two cases of five: nobody has both colours", 33, double.MaxValue),
            ],
            "A model that has been with many nodes has seen both colours, although no node has. Each node pulls it a "
            + "little to its own side; the merges take the pulls together."),
        Lens = "plane",
        Speed = 1,
        Chapter = "11-gossip-learning",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new LearningWorld(knobs, seed);
}
