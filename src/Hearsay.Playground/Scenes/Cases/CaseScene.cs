using Hearsay.Playground.Contract;
using Hearsay.Playground.Links;
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
        Preset = string.Join(';', FaultsOf(1).Select(static action => "do=" + action)),
        Prediction = new Prediction(
            "The lamps are rules that are checked at every event. Which one goes out first?",
            Side: 0, Metric: Prediction.Lamp, At: TimeSpan.FromSeconds(160),
            [
                new("None", -1, 0),
                .. Common.Lamps.Select(static (lamp, index) => new PredictedAnswer(lamp.Label, index, index + 1)),
            ],
            "Faults take away what nodes know, not what they must obey. Where a rule breaks, the program is wrong."),
        Lens = "messages",
        Speed = 2,
        Chapter = "15-how-it-is-built",
    };

    /// <summary>The faults of a seed, as what a visitor does.</summary>
    public static IEnumerable<PlayAction> FaultsOf(ulong seed) => OfPlan(FuzzCase.FromSeed(seed).Plan);

    /// <summary>The faults of a plan, as what a visitor does.</summary>
    public static IEnumerable<PlayAction> OfPlan(FaultPlan plan) => plan.Faults.Select(static fault =>
        new PlayAction(Enum.GetName(fault.Kind)!.ToLowerInvariant(), fault));

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new CaseWorld(knobs, seed);
}
