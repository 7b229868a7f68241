using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Maps;

/// <summary>Maps repaired after a partition: what was written on both sides comes together.</summary>
internal sealed class MapScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "maps",
        Title = "Maps repaired",
        Question = "Both halves go on writing while the cable between them is cut. Who has the whole map afterwards?",
        Text =
        [
            "Every node has the whole map, and any node may write. The stronger its colour, the more it lacks. Until "
            + "17 s some node writes a new key twice a second; from 5 s to 17 s no packet passes between the halves.",
            "On the left a write goes to all nodes at once, by broadcast. On the right nobody is told: once a second "
            + "each node compares a few bytes with one random peer (a heartbeat), and the two exchange what differs.",
            "Broadcast is fast and forgets: what the other half missed, it will not say again. The heartbeat finds it, "
            + "as soon as views lead across again. Crash a node and restart it: it comes back with an empty map, and "
            + "is given all of it in one exchange.",
        ],
        Knobs =
        [
            new("nodes", "nodes", "", "How many nodes there are at first.", 32, 4, 100),
            Knob.Choice("push", "writes go at once", "Whether a write is broadcast, or found by heartbeats alone.", 1,
                "no", "yes"),
            new("heartbeat", "heartbeat every", "ms", "How often a node compares its map with that of a peer.", 1000,
                100, 10_000) { Step = 100 },
            new("every", "a write every", "ms", "How often somebody writes a new key.", 500, 50, 5000) { Step = 50 },
            new("recontact", "remembered peer every", "cycles", "How often a node contacts a peer that it dropped.",
                5, 3, 1000),
        ],
        Values = [new("keys it lacks", "ramp", 0, 24), new("keys", "none", 0, 0), new("exchanges", "none", 0, 0)],
        Metrics =
        [
            new("keys lacked per node", "", "Keys that were written somewhere and that a running node does not have."),
            new("nodes with the whole map", "%", "Running nodes that lack nothing."),
            new("different maps", "", "How many different maps there are; one when all agree."),
            new("rows from exchanges", "per node", "Rows that came in exchanges and not by broadcast."),
            new("sent for maps", "kB per node", "Heartbeats and exchanges, without broadcast."),
        ],
        Verbs = [new("write", "Write a key", "The node writes a new key.", "node")],
        Lamps = [new(["root"], "promised is had", "After an exchange a node has the map that its peer promised.")],
        Preset = "b.push=no",
        Prediction = new Prediction(
            "At 17 s the cable is mended, and nobody writes any more. How many keys does a node of the left network "
            + "lack on average at 35 s?",
            Side: 0, Metric: 0, At: TimeSpan.FromSeconds(35),
            [
                new("None: the halves have told each other all", -0.001, 0.05),
                new("A few", 0.05, 4),
                new("All that the other half wrote meanwhile", 4, double.MaxValue),
            ],
            "Whoever contacts somebody of the other half finds that their maps differ, and each of the two asks for "
            + "what it lacks. News go on to three peers at a time, so all have it a few seconds after the first."),
        Lens = "curves",
        Speed = 1,
        Chapter = "10-anti-entropy",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new MapWorld(knobs, seed);
}
