using Hearsay.Playground.Contract;

namespace Hearsay.Playground.Worlds;

/// <summary>The knobs of peer sampling, as scenes offer them.</summary>
internal static class SamplingKnobs
{
    private static readonly string[] Selections = ["rand", "tail", "head"];
    private static readonly string[] Propagations = ["push", "pull", "pushpull"];

    /// <summary>The knobs, with the defaults of a scene.</summary>
    public static IReadOnlyList<Knob> All(int nodes, int viewSize, int healing, int swap, int mostNodes = 200) =>
    [
        new("nodes", "nodes", "", "How many nodes there are at first.", nodes, 2, mostNodes),
        new("c", "view size c", "", "How many peers a node knows. More cost larger messages.", viewSize, 4, 60)
        {
            Step = 2,
        },
        new("H", "healing H", "", "How many of the oldest entries a full view drops first: dead links go fast.",
            healing, 0, 30),
        new("S", "swap S", "", "How many of the entries just sent it drops next: in-degrees stay even.", swap, 0, 30),
        Knob.Choice("selection", "selection", "Whom a node exchanges with: anybody, its oldest or its youngest entry.",
            1, Selections),
        Knob.Choice("propagation", "propagation", "Who sends entries: the caller, the called one, or both.", 2,
            Propagations),
        new("cycle", "cycle time", "ms", "How often a node begins an exchange.", 1000, 100, 10_000) { Step = 100 },
        new("fanout", "fanout", "", "With how many peers in each cycle.", 1, 1, 4),
    ];

    /// <summary>The options that the knobs stand for. H and S give way to what half a view allows.</summary>
    public static PeerSamplingOptions Options(KnobValues knobs)
    {
        var size = knobs.Whole("c") / 2 * 2;
        var healing = Math.Min(knobs.Whole("H"), size / 2);
        return new PeerSamplingOptions
        {
            ViewSize = size,
            Healing = healing,
            Swap = Math.Min(knobs.Whole("S"), (size / 2) - healing),
            Selection = Enum.Parse<PeerSelection>(Selections[knobs.Whole("selection")], ignoreCase: true),
            Propagation = Enum.Parse<Propagation>(Propagations[knobs.Whole("propagation")], ignoreCase: true),
            CycleTime = knobs.Milliseconds("cycle"),
            Fanout = knobs.Whole("fanout"),

            // Latencies of the playground are long, so that they can be seen; but a cycle is longer than a timeout.
            MaximumTimeout = TimeSpan.FromMilliseconds(
                Math.Min(Math.Max(500, 4 * knobs["latency"]), 0.9 * knobs["cycle"])),
        };
    }
}
