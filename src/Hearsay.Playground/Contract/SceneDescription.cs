namespace Hearsay.Playground.Contract;

/// <summary>
/// Everything that the page needs to know of a scene to show it: no line of the page is about one scene.
/// </summary>
internal sealed record SceneDescription
{
    /// <summary>Its name in a link.</summary>
    public required string Name { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>The question that it answers.</summary>
    public required string Question { get; init; }

    /// <summary>What one sees and what to try: paragraphs.</summary>
    public required IReadOnlyList<string> Text { get; init; }

    /// <summary>What a visitor sets; those of all scenes are added.</summary>
    public required IReadOnlyList<Knob> Knobs { get; init; }

    /// <summary>Numbers about a node.</summary>
    public required IReadOnlyList<NodeValue> Values { get; init; }

    /// <summary>Numbers about the network.</summary>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>What a visitor can do, beside what all scenes offer.</summary>
    public IReadOnlyList<Verb> Verbs { get; init; } = [];

    /// <summary>The invariants, beside those of all scenes.</summary>
    public IReadOnlyList<Lamp> Lamps { get; init; } = [];

    /// <summary>The words for the kinds of links, by number; empty where the number of a link is its age.</summary>
    public IReadOnlyList<string> LinkKinds { get; init; } = [];

    /// <summary>The question asked before the run.</summary>
    public Prediction? Prediction { get; init; }

    /// <summary>What the link of the scene holds where the visitor chose nothing, for instance <c>b.H=0</c>.</summary>
    public string Preset { get; init; } = "";

    /// <summary>The plane of the nodes' points and lines, where the scene has one.</summary>
    public PlaneLens? Plane { get; init; }

    /// <summary>What the matrix counts, where it does not show who knows whom.</summary>
    public MatrixLens? Matrix { get; init; }

    /// <summary>Who is pointed out by a thick rim; empty where nobody is.</summary>
    public string Marked { get; init; } = "";

    /// <summary>The lens that is open at first: curves, matrix, messages, exchange or plane.</summary>
    public string Lens { get; init; } = "curves";

    /// <summary>Seconds of virtual time in a second, at first.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>The chapter of the series that the scene belongs to.</summary>
    public string Chapter { get; init; } = "";
}
