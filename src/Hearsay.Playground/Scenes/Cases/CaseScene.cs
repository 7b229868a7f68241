using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Cases;

/// <summary>A seed of the fuzzer: a random network under random faults, to be looked at.</summary>
internal sealed class CaseScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "case",
        Title = "A case of the fuzzer",
        Question = "A random network, random settings, random faults. Which rule breaks first?",
        Text =
        [
            "“hearsay lab fuzz” runs thousands of these: a seed stands for a number of nodes, their options, what the "
            + "network does to packets, and a plan of faults. A failing seed prints a link to this page, with the "
            + "fewest faults that still make it fail.",
            "The faults of the plan are the actions of the link, and the ribbon shows them. Here you see the same run, "
            + "event for event: step through it, and look at the messages of the node that the lamp names.",
        ],
        Knobs = [],
        Values = SamplingWorld.StandardValues(20),
        Metrics = SamplingWorld.StandardMetrics,
        Lens = "messages",
        Speed = 2,
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new CaseWorld(knobs, seed);
}
