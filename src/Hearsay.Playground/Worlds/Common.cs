using Hearsay.Playground.Contract;

namespace Hearsay.Playground.Worlds;

/// <summary>What all scenes offer.</summary>
internal static class Common
{
    /// <summary>The most nodes of a scene.</summary>
    public const int MostNodes = 1000;

    /// <summary>What happens to packets, in every scene.</summary>
    public static IReadOnlyList<Knob> Knobs { get; } =
    [
        new("latency", "latency", "ms", "How long a packet travels on average; each between half and one and a half.",
            80, 1, 2000),
        new("loss", "loss", "%", "The share of datagrams that are lost.", 0, 0, 90),
    ];

    /// <summary>What a visitor can do in every scene.</summary>
    public static IReadOnlyList<Verb> Verbs { get; } =
    [
        new("crash", "Crash", "The node stops without a word.", "node"),
        new("restart", "Restart", "The node starts again, with an empty view.", "node"),
        new("leave", "Leave", "The node says goodbye and stops.", "node"),
        new("pause", "Pause 5 s", "The node's process stops; what comes waits.", "node")
        {
            Duration = TimeSpan.FromSeconds(5),
        },
        new("slow", "Slow 20 s", "Every packet and timer of the node takes 200 ms longer.", "node")
        {
            Duration = TimeSpan.FromSeconds(20), Amount = 200, Unit = "ms",
        },
        new("cut", "Cut link 20 s", "No packet passes between the two nodes.", "edge")
        {
            Duration = TimeSpan.FromSeconds(20),
        },
        new("crash", "Kill half", "Half of the nodes stop at once.", "half"),
        new("split", "Split 30 s", "No packet passes between the two halves.", "half")
        {
            Duration = TimeSpan.FromSeconds(30),
        },
        new("loss", "loss", "The share of datagrams lost from now on.", "network") { Most = 90, Unit = "%" },
        new("latency", "latency", "The mean travel time of a packet from now on.", "network")
        {
            Most = 2000, Unit = "ms",
        },
        new("churn", "churn", "Nodes replaced by new ones every second, as a share of all.", "network")
        {
            Most = 20, Unit = "%",
        },
        new("calm", "Heal", "Partitions, pauses, slow nodes, loss and churn end; crashed nodes start again.",
            "network"),
    ];

    /// <summary>The rules of peer sampling that the simulator's oracle checks at every event.</summary>
    public static IReadOnlyList<Lamp> Lamps { get; } =
    [
        new(["size", "self", "duplicate", "pins", "table"], "views are sound",
            "At most c entries, none twice, never the node itself."),
        new(["merge", "healing", "swap", "ties", "age", "taken", "source"], "merges obey H and S",
            "After a merge exactly the rule's entries are gone, and nothing is there that nobody told."),
        new(["partner", "answer", "buffer", "own", "target", "replay"], "exchanges are as specified",
            "The right partner is chosen, the answer is prepared before the merge, nothing is used twice."),
        new(["stranger", "amplification"], "strangers draw nothing",
            "Nobody is sent more than it sent before it proved its address."),
        new(["sampler"], "samples are fresh", "Without replacement nobody is given twice as fresh."),
        new(["due", "memory", "quarantine", "departed", "stale"], "time and memory",
            "Nobody is due in the past, and what is dead or left does not come back."),
    ];
}
