using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Averaging;

/// <summary>Agreeing on a number, and what one lost answer does to it.</summary>
internal sealed class AveragingScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "averaging",
        Title = "Agreeing on a number",
        Question = "Every node has a number. How do all of them learn the average, without a centre that adds up?",
        Text =
        [
            "Colours are numbers, from 0 to 100. In every cycle each node picks a peer, and the two of them meet "
            + "in the middle: both take the mean of their numbers. The sum stays the same, the differences shrink.",
            "The variance falls by a constant factor in each cycle, a straight line on the logarithmic curve. After "
            + "an epoch of 30 cycles the nodes read their numbers anew and begin again.",
            "What if an answer is lost? One of the two has moved and the other has not: the sum is no longer right, "
            + "and nobody will ever notice. So a node asks again under the same exchange id, and is given the same "
            + "answer once more. The right network does not ask again. Press “Lose an answer” early in an "
            + "epoch, and watch the error of the mean.",
            "The same averaging counts. A leader holds 1 and all others 0: the mean is 1/N, so everybody knows N. Set "
            + "“colours show” to “count”: when an epoch begins, who has heard of no leader knows nothing, and within "
            + "ten cycles all agree. Then press “Kill half”. The epoch goes on to count those who were there when it "
            + "began; the next one counts those who are left.",
        ],
        Knobs =
        [
            new("nodes", "nodes", "", "How many nodes there are at first.", 40, 2, 200),
            new("c", "view size c", "", "How many peers a node knows.", 10, 4, 60) { Step = 2 },
            new("tries", "tries", "", "How often a node asks before it gives an exchange up.", 3, 1, 6),
            new("cycles", "cycles per epoch", "", "After so many cycles numbers are read anew.", 30, 10, 120),
            Knob.Choice("shows", "colours show", "What the nodes average, or how many nodes they count.", 0,
                "number", "count"),
            new("leaders", "leaders", "", "How many nodes start a count in an epoch, on average: drawn by lot.", 30, 1,
                30),
        ],
        Values =
        [
            new("estimate", "ramp", 0, 100), new("own number", "none", 0, 100),
            new("estimated size", "none", 0, 0), new("counted so far", "none", 0, 0),
            new("leaders it knows", "none", 0, 0),
        ],
        Metrics =
        [
            new("variance", "", "How far apart the estimates are.") { Logarithmic = true },
            new("error of the mean", "", "How far the mean of the estimates is from the mean of the numbers."),
            new("estimated size", "nodes", "What the nodes take the size of the network for: the last epoch's count."),
            new("lost answers", "", "Answers that the network or the visitor made vanish."),
            new("counted so far", "nodes", "The count of the epoch under way, of the node in the middle."),
        ],
        Verbs =
        [
            new("loseanswer", "Lose an answer", "The next answer of an exchange vanishes on its way.", "network"),
            new("set", "Set to 100", "The node's own number becomes 100, read when the next epoch begins.", "node")
            {
                Amount = 100,
            },
        ],
        Lamps =
        [
            new(["mass"], "the sum is kept",
                "The mean of the estimates is the mean of the numbers, as long as no node crashes."),
        ],
        Preset = "b.tries=1;do=loseanswer@1300;do=loseanswer@1600;do=loseanswer@1900",
        Prediction = new Prediction(
            "Three answers are lost while the nodes are far apart. The right network does not ask again. How far off "
            + "is the mean on which its nodes agree, after 25 s?",
            Side: 1, Metric: 1, At: TimeSpan.FromSeconds(25),
            [
                new("Not at all: chance evens it out, below 0.001", -0.001, 0.001),
                new("A little, and for the whole epoch: up to 3", 0.001, 3),
                new("By more than 3", 3, double.MaxValue),
            ],
            "Half of the difference between two numbers came in once too often or not at all. It is spread over all "
            + "nodes and never goes away within the epoch. The next epoch begins with fresh numbers."),
        Speed = 1,
        Chapter = "5-agreeing-on-a-number",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new AveragingWorld(knobs, seed);
}
