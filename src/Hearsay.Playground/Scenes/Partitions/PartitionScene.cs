using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Partitions;

/// <summary>A partition: the halves forget each other, and remembered peers bring them together.</summary>
internal sealed class PartitionScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "partition",
        Title = "A partition",
        Question = "A cable is cut for 40 s. Why is that worse than 40 s without each other?",
        Text =
        [
            "From 5 s to 45 s no packet passes between the two halves. Colours say how much of a node's view is in the "
            + "other half. Peers that do not answer go, and healing drops what grows old: soon each half knows only "
            + "itself, and is perfectly well.",
            "Then the cable is mended, and nothing happens: nobody knows anybody on the other side. A view heals by "
            + "forgetting, and forgetting is what keeps the halves apart.",
            "So a node remembers a few peers that it dropped because they did not answer, and contacts one of them "
            + "every 20 cycles (left). One answer is enough: the other half comes in through it within a few cycles. "
            + "On the right nodes try that only every 1,000 cycles.",
        ],
        Knobs =
        [
            .. SamplingKnobs.All(nodes: 40, viewSize: 8, healing: 2, swap: 2),
            new("recontact", "remembered peer every", "cycles", "How often a node contacts a peer that it dropped.",
                20, 3, 1000),
        ],
        Values = [new("view in the other half, %", "ramp", 0, 60), .. SamplingWorld.StandardValues(20).Skip(1)],
        Metrics = PartitionWorld.Metrics,
        Preset = "b.recontact=1000",
        Prediction = new Prediction(
            "The cable is mended at 45 s. How much of the left nodes' views is in the other half at 75 s?",
            Side: 0, Metric: 0, At: TimeSpan.FromSeconds(75),
            [
                new("Nothing: they are apart for good", 0, 1),
                new("A few entries, up to 25 %", 1, 25),
                new("Half, as before the cut", 25, 101),
            ],
            "One exchange across the gap carries half a view. Entries of the other half are as young as any, so the "
            + "next exchanges spread them as they spread everything: exponentially."),
        Speed = 3,
        Chapter = "7-churn-and-partitions",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new PartitionWorld(knobs, seed);
}
