using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Liars;

/// <summary>Liars: values that are planted in an average, and what limits them.</summary>
internal sealed class LiarScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "liars",
        Title = "Liars",
        Question = "Forty nodes agree on the average of their numbers. What can one of them that lies do?",
        Text =
        [
            "Honest numbers are from 0 to 100; node 0, with the ring, says 1,000. On the left it says so once, when "
            + "the epoch begins, and then keeps to the protocol: its lie counts as one number of forty.",
            "On the right it insists: whatever it hears, it says 1,000 again in the next exchange. Each time it puts a "
            + "little more into the sum, and the sum never comes back down before the epoch ends.",
            "What helps: bounds (“bounds” = yes: claims far outside 0 to 100 are refused), refusing what would move "
            + "a node very far (“trimmed” = yes), and short epochs, which throw the harm away. None of them finds a "
            + "liar who says 100: within the bounds a lie and an opinion look the same.",
        ],
        Knobs =
        [
            new("nodes", "nodes", "", "How many nodes there are at first.", 40, 4, 100),
            new("liars", "liars", "", "How many of them lie: the first ones.", 1, 0, 20),
            Knob.Choice("lie", "they lie", "Once, as their number of the epoch, or again in every exchange.", 0,
                "once", "always"),
            new("says", "they say", "", "The number that they plant.", 1000, 0, 10_000) { Step = 10 },
            Knob.Choice("bounds", "bounds", "Whether all know that numbers are from 0 to 100.", 0, "no", "yes"),
            Knob.Choice("trimmed", "trimmed", "Whether a node refuses what would move it very far.", 0, "no", "yes"),
            new("cycles", "cycles per epoch", "", "After so many cycles numbers are read anew.", 30, 10, 120),
        ],
        Values = [new("estimate", "ramp", 0, 400), new("own number", "none", 0, 100)],
        Metrics =
        [
            new("mean of the honest", "", "What the honest nodes take the average for, on average."),
            new("true average", "", "Of the numbers of the honest nodes that run."),
            new("off by", "", "How far the first is from the second."),
            new("spread", "", "How far apart the honest nodes' estimates are (standard deviation)."),
            new("refused", "", "Exchanges that were refused so far, because they claimed too much."),
        ],
        Preset = "b.lie=always",
        Marked = "a liar",
        Prediction = new Prediction(
            "The right liar says 1,000 in every exchange. The average of the honest is about 50. What do they believe "
            + "after 25 s?",
            Side: 1, Metric: 0, At: TimeSpan.FromSeconds(25),
            [
                new("About 50: one of forty changes little", 0, 60),
                new("About 75: a fortieth of 1,000 is 25", 60, 120),
                new("Several hundred", 120, double.MaxValue),
            ],
            "Push-pull keeps the sum whatever happens in an exchange, and a node that insists adds to it in every one. "
            + "After thirty cycles it has been in sixty exchanges, and owns more of the sum than all others together."),
        Lens = "curves",
        Speed = 1,
        Chapter = "5-agreeing-on-a-number",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new LiarWorld(knobs, seed);
}
