using Hearsay.Playground.Contract;
using Hearsay.Playground.Worlds;

namespace Hearsay.Playground.Scenes.Sketches;

/// <summary>The cells of a sketch, which peel like a sudoku.</summary>
internal sealed class SketchScene : IScene
{
    /// <inheritdoc/>
    public SceneDescription Description { get; } = new()
    {
        Name = "sketch",
        Title = "Cells that peel like a sudoku",
        Question = "Two nodes have a thousand entries each, and twenty differ. How do they find out which, without "
            + "telling each other the thousand?",
        Text =
        [
            "These circles are no nodes: they are the cells of a sketch, which one node sends to the other one by one. "
            + "A cell is the XOR of many entries and a count. Entries that both have cancel out, so a cell holds only "
            + "what differs. A line joins two cells that hold the same entry.",
            "Orange cells hold several entries: no use yet. A green cell holds exactly one, and gives it away. That "
            + "entry is taken out of all its other cells, which leaves one entry in some of those, and so on, as a "
            + "solved square solves others in a sudoku. Blue cells are empty: solved.",
            "Nobody needs to know beforehand how many entries differ. Cells go on until all are solved, about 1.4 for "
            + "each entry when many differ. Crash a circle and its cell is held up, and the decoder waits for it; the "
            + "right side has half as many differences again.",
        ],
        Knobs =
        [
            new("nodes", "cells", "", "How many cells there are to send; the decoder gives up after them.", 64, 10,
                200),
            new("entries", "entries", "", "How many entries both nodes have in common.", 1000, 0, 10_000)
            {
                Step = 100,
            },
            new("differ", "differ", "", "How many entries only one of the two has.", 20, 1, 140),
            new("every", "a cell every", "ms", "How often the next cell comes.", 400, 50, 5000) { Step = 50 },
        ],
        Values =
        [
            new("state", "phase", 0, 3)
            {
                Words = ["has not come", "holds one entry", "holds several", "empty: solved"],
            },
            new("entries in it", "none", 0, 0), new("entries at first", "none", 0, 0),
        ],
        Metrics =
        [
            new("entries found", "%", "Of those that differ."),
            new("cells that came", "", "How many cells were sent so far."),
            new("solved cells", "", "Cells that came and hold nothing any more."),
            new("cells for each difference", "", "Cells that came, for each entry that differs."),
        ],
        LinkKinds = ["hold the same entry", "held an entry that is found"],
        Lamps = [new(["cells"], "cells are what is drawn", "A cell is the XOR of exactly the entries shown in it.")],
        Preset = "b.differ=30",
        Prediction = new Prediction(
            "Twenty of about a thousand entries differ. How many cells does the left side need until it knows all "
            + "twenty?",
            Side: 0, Metric: 1, At: TimeSpan.FromSeconds(30),
            [
                new("Fewer than 20", 0, 20),
                new("20 to 55", 20, 55.5),
                new("More than 55: nearly a cell for each entry there is", 55.5, double.MaxValue),
            ],
            "What both have cancels out, so the thousand do not matter. A cell tells one entry at most, so 20 are the "
            + "least; the rest is what chance leaves unsolved until the next cell opens it, and then often all falls "
            + "at once."),
        Lens = "curves",
        Speed = 1,
        Chapter = "10-anti-entropy",
    };

    /// <inheritdoc/>
    public World Create(KnobValues knobs, ulong seed) => new SketchWorld(knobs, seed);
}
