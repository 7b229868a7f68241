namespace Hearsay.Playground.Contract;

/// <summary>A number about one node; the first of a scene colours the nodes.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Scale">
/// How it becomes a colour: <c>ramp</c> (from the least to the most), <c>phase</c> (0 unknown, 1 fresh, 2 hot, 3
/// removed) or <c>none</c>. Beside the first value: <c>gauge</c> (an arc around the node, full at the most) and
/// <c>lamp</c> (a lamp at the node, lit at 1).
/// </param>
/// <param name="Least">The value of the first colour of a ramp.</param>
/// <param name="Most">The value of the last colour of a ramp.</param>
internal sealed record NodeValue(string Label, string Scale, double Least, double Most)
{
    /// <summary>What each colour of a <c>phase</c> says, from 0 on; an empty word for one that is not in use.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}
